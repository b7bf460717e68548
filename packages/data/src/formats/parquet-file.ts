import { ConvkitError } from '@convkit/core'
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

/** Which columns hold what, where it is none of the usual names. */
export interface ParquetColumns {
  readonly image?: string
  readonly label?: string
}

/** A Parquet file of images whose footer and labels were read. */
export interface ParquetFile {
  readonly name: string
  /** The label of each row, as text; for a ClassLabel its number. */
  readonly labels: readonly string[]
  /** Names of the classes, where Hugging Face's metadata has them. */
  readonly classes: readonly string[] | undefined
  /** The first row of each row group, then the number of rows. */
  readonly groupStarts: readonly number[]
  /** Bytes that the largest row group takes in memory. */
  readonly groupBytes: number
  /** What the image column has in the rows of a group; undefined where there is nothing. */
  images(group: number): Promise<(Uint8Array | undefined)[]>
}

const usualImages = ['image', 'img', 'picture', 'photo']
const usualLabels = ['label', 'labels', 'class', 'fine_label']

/**
 * Opens a file as Hugging Face's datasets write it: images as `{ bytes, path }` or bytes alone, labels as numbers or
 * texts.
 *
 * @throws E_PARQUET when it is none, a column is missing, or a row has no label.
 */
export async function openParquet(name: string, columns: ParquetColumns): Promise<ParquetFile> {
  const fail = (problem: string, cause?: unknown) =>
    new ConvkitError('E_PARQUET', `${name} ${problem}`, { cause })
  const explained = <T>(work: Promise<T>) =>
    work.catch((error: Error) => {
      throw fail(`cannot be read: ${error.message}`, error)
    })
  const file = await explained(asyncBufferFromFile(name))
  const metadata = await explained(parquetMetadataAsync(file))
  const names = topColumns(metadata)
  const features = featuresOf(metadata)
  const find = (kind: keyof ParquetColumns, usual: readonly string[], type: string) => {
    const typed = [...features].find(([, feature]) => feature._type === type)?.[0]
    const found = columns[kind] ?? typed ?? usual.find((column) => names.includes(column))
    if (found !== undefined && names.includes(found)) return found
    throw fail(
      `has no column ${found ?? usual.join(' or ')} for the ${kind}, only ${names.join(', ')}; name it with columns: { ${kind}: … }`,
    )
  }
  const image = find('image', usualImages, 'Image')
  const label = find('label', usualLabels, 'ClassLabel')
  const rows = await explained(readColumn(file, metadata, label))
  const groupStarts = [0]
  for (const { num_rows } of metadata.row_groups)
    groupStarts.push((groupStarts.at(-1) as number) + Number(num_rows))
  return {
    name,
    classes: namesOf(features.get(label)),
    labels: rows.map((value, row) => {
      if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number')
        return String(value)
      throw fail(`has no label in row ${row}: ${JSON.stringify(value)}`)
    }),
    groupStarts,
    groupBytes: Math.max(0, ...metadata.row_groups.map((group) => Number(group.total_byte_size))),
    images: async (group) => {
      const [start, end] = [groupStarts[group], groupStarts[group + 1]]
      return (await readColumn(file, metadata, image, start, end)).map(bytesOf)
    },
  }
}

async function readColumn(
  file: AsyncBuffer,
  metadata: FileMetaData,
  column: string,
  rowStart?: number,
  rowEnd?: number,
): Promise<unknown[]> {
  // Bytes that are not said to be text must stay bytes.
  const options = { file, metadata, columns: [column], compressors, utf8: false }
  const rows: Record<string, unknown>[] = await parquetReadObjects({ ...options, rowStart, rowEnd })
  return rows.map((row) => row[column])
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value
  return typeof value === 'object' && value !== null && 'bytes' in value ? bytesOf(value.bytes) : undefined
}

/** The columns of the first level; a struct counts as one. */
function topColumns({ row_groups }: FileMetaData): string[] {
  const paths = row_groups.flatMap(({ columns }) =>
    columns.flatMap(({ meta_data }) => meta_data?.path_in_schema[0] ?? []),
  )
  return [...new Set(paths)]
}

interface Feature {
  readonly _type?: string
  readonly names?: unknown
}

function namesOf({ names }: Feature = {}): readonly string[] | undefined {
  return Array.isArray(names) ? names.map(String) : undefined
}

/** What Hugging Face's metadata says of the columns; nothing where there is none, or it is of another shape. */
function featuresOf({ key_value_metadata = [] }: FileMetaData): Map<string, Feature> {
  const written = key_value_metadata.find(({ key }) => key === 'huggingface')?.value
  if (written === undefined) return new Map()
  try {
    const { info } = JSON.parse(written) as { info?: { features?: Record<string, Feature> } }
    return new Map(Object.entries(info?.features ?? {}))
  } catch {
    return new Map()
  }
}

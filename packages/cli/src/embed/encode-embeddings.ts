import { floatTensor } from '@convkit/core'
import type { Embeddings } from '@convkit/transfer'
import { encodeNpz } from '@convkit/weights'

/** Embeddings of a part of the data, with what belongs to each. */
export interface LabelledEmbeddings {
  readonly part: 'train' | 'validation'
  readonly rows: Embeddings
  readonly classes: readonly string[]
  readonly paths: readonly string[]
}

const encoders = { npz: encodeAsNpz, parquet: encodeAsParquet }
export type EmbeddingFormat = keyof typeof encoders

export function isEmbeddingFormat(name: string): name is EmbeddingFormat {
  return Object.hasOwn(encoders, name)
}

/** The bytes of a file with one row an image: embedding, path, label, and the part of the data that it is of. */
export async function encodeEmbeddings(
  parts: readonly LabelledEmbeddings[],
  format: EmbeddingFormat,
): Promise<Uint8Array> {
  return encoders[format](columnsOf(parts))
}

function columnsOf(parts: readonly LabelledEmbeddings[]) {
  const width = parts[0]?.rows.width ?? 0
  const labels = parts.flatMap(({ rows }) => Array.from(rows.labels))
  const data = new Float32Array(labels.length * width)
  let at = 0
  for (const { rows } of parts) {
    data.set(rows.data, at)
    at += rows.data.length
  }
  return {
    width,
    data,
    labels,
    classes: parts[0]?.classes ?? [],
    paths: parts.flatMap(({ paths }) => paths),
    parts: parts.flatMap(({ part, paths }) => paths.map(() => part)),
  }
}

type Columns = ReturnType<typeof columnsOf>

/** `embeddings` `[images, width]`, `labels`, `classes`, `paths`, `parts`. */
function encodeAsNpz({ width, data, labels, classes, paths, parts }: Columns): Uint8Array {
  return encodeNpz({
    embeddings: floatTensor([labels.length, width], data),
    labels: { dtype: 'int32', shape: [labels.length], data: Int32Array.from(labels) },
    classes,
    paths,
    parts,
  })
}

/** Columns `path`, `part`, `label` and `embedding`, a list. */
async function encodeAsParquet({ width, data, labels, classes, paths, parts }: Columns): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer')
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const
  const buffer = parquetWriteBuffer({
    schema: [
      { name: 'root', num_children: 4 },
      { name: 'path', ...text },
      { name: 'part', ...text },
      { name: 'label', ...text },
      { name: 'embedding', repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
    ],
    columnData: [
      { name: 'path', data: paths },
      { name: 'part', data: parts },
      { name: 'label', data: labels.map((label) => classes[label] ?? '') },
      {
        name: 'embedding',
        data: labels.map((_, row) => Array.from(data.subarray(row * width, (row + 1) * width))),
      },
    ],
  })
  return new Uint8Array(buffer)
}

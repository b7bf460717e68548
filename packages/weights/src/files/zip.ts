import { ConvkitError } from '@convkit/core'
import { type Entry, open, type ZipFile } from 'yauzl'

/** A zip archive, of which single entries are read. */
export interface ZipArchive {
  readonly names: readonly string[]
  /** The bytes of an entry. @throws E_WEIGHTS when there is none of that name, or it is damaged. */
  read(name: string): Promise<Uint8Array>
  close(): void
}

/** What deflate can expand a byte to, at most: an entry that claims more is not one. */
const largestExpansion = 1032

/** @throws E_WEIGHTS when the file is no zip archive. */
export async function openZip(path: string): Promise<ZipArchive> {
  const fail = (problem: string): never => {
    throw new ConvkitError('E_WEIGHTS', `${path} ${problem}; the file is damaged`)
  }
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, file) =>
      error ? reject(error) : resolve(file),
    )
  }).catch((error: Error) => fail(`is not a zip archive: ${error.message}`))
  const entries = await listEntries(zip).catch((error: Error) => fail(`cannot be listed: ${error.message}`))
  return {
    names: [...entries.keys()],
    async read(name) {
      const entry = entries.get(name) ?? fail(`has no ${name}`)
      if (entry.uncompressedSize > largestExpansion * Math.max(1, entry.compressedSize)) {
        fail(`claims ${entry.uncompressedSize} bytes for ${name} out of ${entry.compressedSize}`)
      }
      return readEntry(zip, entry).catch((error: Error) => fail(`has a broken ${name}: ${error.message}`))
    },
    close: () => zip.close(),
  }
}

function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>()
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName, entry)
      zip.readEntry()
    })
    zip.on('end', () => resolve(entries))
    zip.on('error', reject)
    zip.readEntry()
  })
}

function readEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(error)
      // What arrives is what is kept: an entry may claim more than there is memory for.
      const chunks: Uint8Array[] = []
      stream.on('data', (chunk: Uint8Array) => chunks.push(chunk))
      stream.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
      stream.on('error', reject)
    })
  })
}

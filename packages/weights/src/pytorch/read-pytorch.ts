import { open, readFile } from 'node:fs/promises'
import { ConvkitError, type TensorMap } from '@convkit/core'
import { openZip } from '../files/zip.js'
import { type PickleValue, unpickle } from './pickle.js'
import { stateDictReader, stateDictViews } from './state-dict.js'
import { readStorage, readView, type Storage, type StridedView } from './tensor.js'

/**
 * Reads the state dict in a file that `torch.save` wrote: `.pth`, `.pt`, `.bin`, the zip format and the one before
 * PyTorch 1.6. It builds tensors only and can run nothing. Whole numbers are left out, 16-bit floats widened.
 *
 * @throws E_PICKLE when the file holds other objects, E_WEIGHTS when it is damaged or has no state dict.
 */
export async function readPyTorch(path: string): Promise<TensorMap> {
  return (await startsWith(path, 'PK')) ? readZipped(path) : readLegacy(path)
}

async function readZipped(path: string): Promise<TensorMap> {
  const zip = await openZip(path)
  try {
    const pickle = zip.names.find((name) => /(^|\/)data\.pkl$/.test(name))
    if (!pickle) throw new ConvkitError('E_WEIGHTS', `${path} has no data.pkl: torch.save did not write it`)
    const { value } = unpickle(await zip.read(pickle), 0, stateDictReader(path), path)
    const folder = pickle.slice(0, -'data.pkl'.length)
    return await tensorsOf(stateDictViews(value, path), (storage) => zip.read(`${folder}data/${storage.key}`))
  } finally {
    zip.close()
  }
}

/** What the old format begins with: a whole number of ten bytes. */
const magic = 0x1950a86a20f9469cfc6cn

/** Pickles of a magic number, a version, the machine, the object, the storages' keys; then the storages. */
async function readLegacy(path: string): Promise<TensorMap> {
  const bytes = new Uint8Array(await readFile(path))
  const reader = stateDictReader(path)
  let end = 0
  const next = (): PickleValue => {
    const read = unpickle(bytes, end, reader, path)
    end = read.end
    return read.value
  }
  const first = bytes[0] === 0x80 ? next() : undefined
  if (first !== magic) throw new ConvkitError('E_WEIGHTS', `${path} is not a file that torch.save wrote`)
  next()
  next()
  const views = stateDictViews(next(), path)
  const keys = next()
  const storages = new Map<string, Uint8Array>()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const key of Array.isArray(keys) ? keys.map(String) : []) {
    const storage = reader.storages.get(key)
    // Each storage comes with its number of elements before it.
    if (!storage || end + 8 > bytes.length || Number(view.getBigUint64(end, true)) !== storage.elements) {
      throw new ConvkitError('E_WEIGHTS', `${path} is cut short or damaged at storage ${key}`)
    }
    storages.set(key, bytes.subarray(end + 8, end + 8 + storage.bytes))
    end += 8 + storage.bytes
  }
  return tensorsOf(views, async ({ key }) => storages.get(key) ?? new Uint8Array())
}

/** How often tensors may share a number: a file whose views repeat few without end fills any memory. */
const mostRepeated = 16

async function tensorsOf(
  views: ReadonlyMap<string, StridedView>,
  read: (storage: Storage) => Promise<Uint8Array>,
): Promise<TensorMap> {
  const storages = new Map<string, Float32Array>()
  const tensors: TensorMap = new Map()
  let [stored, made] = [0, 0]
  for (const [name, view] of views) {
    const { storage } = view
    const elements = storages.get(storage.key) ?? readStorage(storage, await read(storage))
    if (!storages.has(storage.key)) stored += elements.length
    storages.set(storage.key, elements)
    made += view.shape.reduce((product, length) => product * length, 1)
    if (made > mostRepeated * stored + 2 ** 24) {
      throw new ConvkitError(
        'E_WEIGHTS',
        `${name} [${view.shape.join(',')}] makes ${made} numbers out of ${stored} in the file; it is damaged`,
      )
    }
    tensors.set(name, readView(name, view, elements))
  }
  return tensors
}

async function startsWith(path: string, text: string): Promise<boolean> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'there is no such file' : error.message
    throw new ConvkitError('E_WEIGHTS', `Cannot read weights from ${path}: ${reason}`)
  })
  try {
    const { buffer } = await file.read(Buffer.alloc(text.length), 0, text.length, 0)
    return buffer.toString('latin1') === text
  } finally {
    await file.close()
  }
}

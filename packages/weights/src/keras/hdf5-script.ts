/**
 * What the thread of {@link readHdf5} runs: CommonJS, for it is evaluated. It walks the file, reads every dataset of
 * floats and the text attributes that Keras writes, and stops at whatever the file's own size cannot hold.
 */
export const hdf5Script = `
const { parentPort, workerData } = require('node:worker_threads')
const { library, deepest, mostObjects, largestExpansion } = workerData

const text = (object, name) => {
  const value = object.attrs[name]?.value
  return typeof value === 'string' ? value : undefined
}

const floats = (value) => (typeof value === 'number' ? Float32Array.of(value) : Float32Array.from(value ?? []))

// JavaScript has no floats of 16 bits, so the library does not convert them: their bits as they are in the file.
const halves = (module, { file_id, path, metadata }, count) => {
  if (!metadata.littleEndian) throw new Error(path + ' has big-endian floats of 16 bits')
  const at = module._malloc(2 * count)
  if (at === 0) throw new Error(path + ' does not fit into memory')
  try {
    module.get_dataset_data(file_id, path, null, null, null, BigInt(at))
    return new Uint16Array(module.HEAPU8.slice(at, at + 2 * count).buffer)
  } finally {
    module._free(at)
  }
}

const loaded = import(library)

async function read(file) {
  const { ready, File, Group, Dataset } = await loaded
  const module = await ready
  const { FS } = module
  FS.writeFile('/weights.h5', file)
  const root = new File('/weights.h5', 'r')
  if (root.file_id < 0n) throw new Error('HDF5 cannot open it')
  const datasets = []
  let objects = 0
  let bytes = 0
  const visit = (group, path) => {
    if (path.length > deepest) throw new Error('its groups are nested without end')
    for (const key of group.keys()) {
      if (++objects > mostObjects) throw new Error('it has more than ' + mostObjects + ' objects')
      const object = group.get(key)
      const inner = [...path, key]
      if (object instanceof Group) {
        if (!(path.length === 0 && key === 'optimizer_weights')) visit(object, inner)
      } else if (object instanceof Dataset) {
        const { type, size, shape, total_size } = object.metadata
        if (type !== 1 || shape === null) continue
        if (size !== 2 && size !== 4 && size !== 8) throw new Error(inner.join('/') + ' has floats of ' + 8 * size + ' bits')
        bytes += total_size * size
        const compressed = object.filters.length > 0
        if (!(bytes <= file.length * (compressed ? largestExpansion : 1))) {
          throw new Error(inner.join('/') + ' is said to have more than the file can hold')
        }
        const data = size === 2 ? halves(module, object, total_size) : floats(object.value)
        datasets.push({ path: inner, owner: text(group, 'name'), shape, data })
      }
    }
  }
  visit(root, [])
  const config = text(root, 'model_config')
  root.close()
  FS.unlink('/weights.h5')
  return { datasets, config }
}

parentPort.on('message', (file) => {
  read(file).then(
    (answer) => parentPort.postMessage(answer, answer.datasets.map(({ data }) => data.buffer)),
    (error) => parentPort.postMessage({ problem: String(error?.message ?? error) }),
  )
})
`

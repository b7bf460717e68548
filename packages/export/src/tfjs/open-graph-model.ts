import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ConvkitError, type Model, type TensorData } from '@convkit/core'
import type * as TfConverter from '@tensorflow/tfjs-converter'
import type * as TfCore from '@tensorflow/tfjs-core'
import type { ExportedModel } from '../check/exported-model.js'
import { inputValues } from '../check/input-values.js'
import { inputName, type NetworkInput } from '../graph/inference-graph.js'

const core = '@tensorflow/tfjs-core'
const converter = '@tensorflow/tfjs-converter'
const wasm = '@tensorflow/tfjs-backend-wasm'

/**
 * Opens a graph model in TensorFlow.js, on its WebAssembly backend, or for ops that this lacks in plain JavaScript.
 *
 * @throws E_ENGINE_UNAVAILABLE when its packages are not installed, with the command that installs them.
 */
export async function openGraphModel(
  folder: string,
  { preprocessing }: Pick<Model, 'preprocessing'>,
  input: NetworkInput,
): Promise<ExportedModel> {
  const require = requireFrom([join(process.cwd(), 'package.json'), import.meta.url])
  const tf: typeof TfCore = require(core)
  const { loadGraphModel }: typeof TfConverter = require(converter)
  require(wasm)
  const description = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'))
  const weightData: ArrayBuffer[] = await Promise.all(
    description.weightsManifest[0].paths.map(
      async (path: string) => Uint8Array.from(await readFile(join(folder, path))).buffer,
    ),
  )
  const { modelTopology, signature } = description
  const weightSpecs = description.weightsManifest[0].weights
  let backend = await firstBackend(tf, ['wasm', 'cpu'])
  const load = () => loadGraphModel(tf.io.fromMemory({ modelTopology, signature, weightSpecs, weightData }))
  let model = await load()
  const run = async (values: TensorData) => {
    const image = tf.tensor(values.data, [...values.shape], values.dtype === 'uint8' ? 'int32' : 'float32')
    try {
      const logits = model.predict({ [inputName]: image }) as TfCore.Tensor
      const data = (await logits.data()) as Float32Array
      logits.dispose()
      return data
    } finally {
      image.dispose()
    }
  }
  return {
    get runtime() {
      return `tfjs ${tf.version_core} (${backend})`
    },
    takesAnySize: false,
    async run(images) {
      const values = inputValues(images, preprocessing, { input, channels: 'last' })
      try {
        return await run(values)
      } catch (error) {
        if (backend === 'cpu' || !/not registered for the backend/.test(`${error}`)) throw error
        model.dispose()
        backend = await firstBackend(tf, ['cpu'])
        model = await load()
        return run(values)
      }
    },
    async dispose() {
      model.dispose()
    },
  }
}

async function firstBackend(tf: typeof TfCore, names: readonly string[]): Promise<string> {
  for (const name of names) if (await tf.setBackend(name)) return name
  throw new ConvkitError('E_ENGINE', `TensorFlow.js has none of the backends ${names.join(', ')}`)
}

/** `require` of the first place that all packages are found from. */
function requireFrom(places: readonly string[]): NodeJS.Require {
  for (const place of places) {
    const require = createRequire(place)
    try {
      for (const name of [core, converter, wasm]) require.resolve(name)
      return require
    } catch {
      // not installed there
    }
  }
  throw new ConvkitError(
    'E_ENGINE_UNAVAILABLE',
    `TensorFlow.js is not installed, so the export cannot be checked; run: npm install ${core} ${converter} ${wasm}`,
  )
}

// Who takes part: convkit's engines and the peers that they are compared with.

import { fileURLToPath } from 'node:url'
import { python, pythonEnvironment } from '../tools/python.mjs'
import { start } from './contestant.mjs'

const scripts = new URL('contestants/', import.meta.url)
const local = (name) => fileURLToPath(new URL(name, scripts))

/** A contestant in Node. */
export const node = (name, script, options) => ({ name, script, options })
/** A contestant in Python. */
export const peer = (name, script, options) => ({ name, script, options, isPeer: true })

export const training = [
  node('convkit onnx', 'training.mjs', { engine: 'onnx' }),
  node('convkit tensorflow', 'training.mjs', { engine: 'tensorflow' }),
  peer('PyTorch eager', 'training.py', { layout: 'contiguous' }),
  peer('PyTorch channels_last', 'training.py', { layout: 'channels_last' }),
  peer('PyTorch compile', 'training.py', { layout: 'channels_last', compile: true }),
  peer('Keras', 'keras_training.py', {}),
]

const precise = (precision) =>
  node(`convkit tensorflow ${precision}`, 'training.mjs', { engine: 'tensorflow', precision })

export const precision = [precise('float32'), precise('bfloat16'), precise('bfloat16-math')]

const onCuda = (name, options) => peer(`PyTorch ${name}`, 'training.py', { device: 'cuda', ...options })

export const gpu = [
  node('convkit webgpu', 'training.mjs', { engine: 'onnx', device: 'webgpu' }),
  node('convkit cuda', 'training.mjs', { engine: 'tensorflow', device: 'cuda' }),
  onCuda('eager', { layout: 'contiguous' }),
  onCuda('channels_last', { layout: 'channels_last' }),
  onCuda('compile', { layout: 'channels_last', compile: true }),
  onCuda('without TF32', { layout: 'contiguous', tf32: false }),
]

export const inference = [
  node('convkit onnx infer', 'inference.mjs', { engine: 'onnx', call: 'infer' }),
  node('convkit onnx session', 'inference.mjs', { engine: 'onnx', call: 'session' }),
  node('convkit tensorflow infer', 'inference.mjs', { engine: 'tensorflow', call: 'infer' }),
  peer('PyTorch eager', 'inference.py', { layout: 'contiguous' }),
  peer('PyTorch channels_last', 'inference.py', { layout: 'channels_last' }),
  { ...node('onnxruntime', 'onnxruntime.mjs', {}), isPeer: true },
]

export const loader = [
  node('convkit first pass', 'loader.mjs', { pass: 'first' }),
  node('convkit later passes', 'loader.mjs', { pass: 'later' }),
  peer('torchvision', 'torchvision_loader.py', {}),
  peer('tf.data', 'tf_data_loader.py', {}),
]

/**
 * Starts those of a line-up that are here, for one case; says why the others are not.
 *
 * @param only takes contestants whose name contains this.
 */
export async function startAll(lineUp, options, { only = '', log }) {
  const started = []
  for (const { name, script, options: own } of lineUp.filter(({ name }) => name.includes(only))) {
    const contestant = await startOne(name, script, { ...options, ...own }).catch(({ message }) => ({
      name,
      missing: message.split('\n').findLast((line) => line.includes('Error')) ?? message,
    }))
    if (contestant.missing === undefined) started.push(contestant)
    else log(`${name} does not take part: ${contestant.missing}`)
  }
  return started
}

async function startOne(name, script, options) {
  const args = [local(script), JSON.stringify(options)]
  if (script.endsWith('.mjs')) return start({ name, command: process.execPath, args })
  const { path, missing } = python()
  if (missing) return { name, missing }
  return start({ name, command: path, args, options: { env: pythonEnvironment } })
}

/** Groups values by contestant as convkit's and the peers'. */
export function bySide(lineUp, values) {
  const isPeer = new Map(lineUp.map(({ name, isPeer = false }) => [name, isPeer]))
  const side = (wanted) => Object.fromEntries([...values].filter(([name]) => isPeer.get(name) === wanted))
  return { convkit: side(false), peers: side(true) }
}

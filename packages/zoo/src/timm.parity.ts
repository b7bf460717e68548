import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createModel, decodeSafetensors, type Model, type ModelName, type TensorMap } from '@convkit/core'
import {
  gradients,
  input,
  logSoftmax,
  mean,
  multiply,
  negate,
  oneHot,
  type Program,
  sum,
} from '@convkit/graph'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runPython } from '../../../tools/python.mjs'
import './register.js'
import '@convkit/engine-onnx/register'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convkit-parity-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const read = (file: string) => decodeSafetensors(readFileSync(join(folder, file)), file)
const data = (tensors: TensorMap, name: string) => tensors.get(name)?.data ?? new Float32Array()

interface Case {
  readonly model: Model
  /** uint8 `[batch, size, size, 3]` */
  readonly images: Uint8Array
  readonly expected: TensorMap
}

/** timm's model with random weights, as ours, and what timm computes with it. */
async function timmCase(name: ModelName, size: number, batch: number, ...options: string[]): Promise<Case> {
  const script = join(import.meta.dirname, '../../../tools/parity/zoo.py')
  runPython(script, [folder, name, String(size), String(batch), ...options])
  const model = await createModel(name, {
    weights: read('weights.safetensors'),
    preprocessing: { inputSize: [size, size], cropPct: 1 },
    predictBatchSize: batch,
    engine: 'onnx',
  })
  return { model, images: readFileSync(join(folder, 'images.bin')), expected: read('expected.safetensors') }
}

/** Largest difference as a share of the largest expected value. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length)
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  const difference = expected.reduce(
    (max, value, i) => Math.max(max, Math.abs(value - (actual[i] ?? Number.NaN))),
    0,
  )
  return difference / largest
}

test('vgg11_bn has timm’s logits where the last maps are smaller than the wide layer’s field', async () => {
  const { model, images, expected } = await timmCase('vgg11_bn', 96, 1)
  const { logits } = await model.infer([{ height: 96, width: 96, channels: 3, data: images }])
  await model.dispose()
  expect(relativeError(logits, data(expected, 'logits'))).toBeLessThan(1e-4)
})

test('resnet18 has timm’s loss, gradients and running statistics', async () => {
  const [size, batch] = [64, 3]
  const { model, images, expected } = await timmCase('resnet18', size, batch, 'train')
  const traced = model.trace({ batchSize: batch, mode: 'train' })
  const labels = input('labels', [batch], 'int32')
  const likelihood = sum(multiply(logSoftmax(traced.logits), oneHot(labels, 1000)), { axes: [1] })
  const loss = mean(negate(likelihood))
  const parameters = [...traced.state].filter(([, { kind }]) => kind === 'parameter')
  const slopes = gradients(
    loss,
    parameters.map(([, { tensor }]) => tensor),
  )
  const program: Program = {
    state: Object.fromEntries(
      [...model.weights].map(([name, tensor]) => [name, { shape: tensor.shape, initial: () => tensor }]),
    ),
    signatures: {
      train: {
        inputs: { image: traced.image, labels },
        outputs: {
          loss,
          ...Object.fromEntries(parameters.map(([name], i) => [`gradient.${name}`, slopes[i] ?? loss])),
        },
        updates: Object.fromEntries(traced.updates),
      },
    },
  }
  const session = await model.engine.load(program)
  const outputs = await session.run('train', {
    image: { dtype: 'uint8', shape: traced.image.shape, data: images },
    labels: { dtype: 'int32', shape: [batch], data: Int32Array.from({ length: batch }, (_, i) => i) },
  })
  const state = await session.read([...traced.updates.keys()])
  await session.dispose()

  for (const [name, { data: values }] of expected) {
    const actual = name.startsWith('state.') ? data(state, name.slice('state.'.length)) : outputs[name]?.data
    expect(relativeError(actual as Float32Array, values), name).toBeLessThan(1e-4)
  }
})

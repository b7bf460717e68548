import { createVariant, createRegistry } from '@convkit/core'
import blocks from '@convkit/blocks'
import zoo from '@convkit/zoo'
import { onnxEngine } from '@convkit/engine-onnx'
import { test } from 'vitest'
import { exportModel } from './export-model.js'

const registry = createRegistry(blocks, zoo)
const names = (process.env.MODELS ?? 'resnet20').split(',')
const forms = (process.env.FORMATS ?? 'savedmodel,tfjs,safetensors').split(',')
test.each(names.flatMap(n => forms.flatMap(f => ['normalized', 'pixels'].map(i => [n, f, i] as const))))('%s %s %s', async (name, format, input) => {
  const engine = await onnxEngine()
  const size = Number(process.env.SIZE ?? 0)
  const model = await createVariant(registry.model(name), { registry, engine, ...(size && { preprocessing: { inputSize: [size, size] } }) })
  const start = performance.now()
  const r = await exportModel(model, { format: format as never, out: `/tmp/clones/out/${name}-${format}-${input}`, input }).catch(e => process.env.STACK ? e.stack : e.message)
  console.log(name, format, input, JSON.stringify(r), Math.round(performance.now() - start))
}, 100000)

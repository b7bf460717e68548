// Shows that a model folder means the same to timm: loads it with `local-dir:`, runs the same random pixels through
// both, and compares the logits. Usage: node tools/compare-with-timm.mjs runs/train-1/model

import { fileURLToPath } from 'node:url'
import { createRegistry, random } from '@convkit/core'
import { loadModel } from '@convkit/core/node'
import onnx from '@convkit/engine-onnx'
import zoo from '@convkit/zoo'
import { runPython } from './python.mjs'

const tolerance = 1e-4
const images = 4

const [folder] = process.argv.slice(2)
if (!folder) fail('Usage: node tools/compare-with-timm.mjs <model folder>', 2)
// Pixels of the network's own size: nothing is scaled or cropped, so both see the same tensor.
const preprocessing = { cropPct: 1 }
const model = await loadModel(folder, { registry: createRegistry(zoo, onnx), preprocessing })
const { inputSize, channels } = model.preprocessing
const [height, width] = inputSize
const stream = random(1, 'compare-with-timm')
const pixels = Array.from({ length: images }, (_, image) =>
  Uint8Array.from(
    { length: height * width * channels },
    (_, i) => stream.uint32(image * height * width * channels + i) & 255,
  ),
)
const { logits } = await model.infer(pixels.map((data) => ({ height, width, channels, data })))

const script = fileURLToPath(new URL('timm-logits.py', import.meta.url))
const bytes = runPython(script, [String(images), folder], { input: Buffer.concat(pixels) })
const expected = new Float32Array(new Uint8Array(bytes).buffer)
if (expected.length !== logits.length) fail(`timm gave ${expected.length} logits, convkit ${logits.length}`)

const largest = Math.max(...expected.map(Math.abs))
const difference = Math.max(...expected.map((value, i) => Math.abs(value - logits[i])))
console.log(
  `${model.name}: ${images} images, largest logit ${largest.toFixed(3)}, largest difference ${difference.toExponential(1)}`,
)
if (!(difference <= tolerance * Math.max(1, largest))) fail(`more than ${tolerance} of the largest logit`)

function fail(message, code = 1) {
  console.error(message)
  process.exit(code)
}

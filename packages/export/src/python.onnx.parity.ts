import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import blocks from '@convkit/blocks'
import { createRegistry } from '@convkit/core'
import zoo from '@convkit/zoo'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkImages } from './check/check-images.js'
import { exportModel } from './export-model.js'
import { type PythonCase, pythonCase } from './testing/python-case.js'

let python: PythonCase
beforeAll(async () => {
  python = await pythonCase(createRegistry(blocks, zoo))
})
afterAll(() => rm(python.folder, { recursive: true }))

it.each(['normalized', 'pixels'] as const)(
  "Python's onnx finds nothing wrong with a model that takes %s, and its onnxruntime agrees",
  async (input) => {
    await exportModel(python.model, { format: 'onnx', out: join(python.folder, 'model.onnx'), input })
    const { labels, logits } = await python.run<{ labels: string[]; logits: number[][] }>(
      'import onnx, onnxruntime',
      "path = sys.argv[1] + '/model.onnx'",
      'onnx.checker.check_model(path, full_check=True)',
      'session = onnxruntime.InferenceSession(path)',
      'data = session.get_modelmeta().custom_metadata_map',
      "mean, std = (np.array(json.loads(data[key]), np.float32) for key in ('mean', 'std'))",
      'normalized = ((images / np.float32(255) - mean) / std).transpose(0, 3, 1, 2)',
      "values = images if data['input'] == 'pixels' else normalized.astype(np.float32)",
      "logits = session.run(None, {'image': values})[0]",
      "print(json.dumps({'labels': json.loads(data['labels']), 'logits': logits.tolist()}))",
    )
    expect(labels).toEqual(python.model.classes)
    python.expectLogits(logits)
  },
)

it("Python's onnxruntime scales images as PIL, in a model that its onnx finds nothing wrong with", async () => {
  for (const input of ['image', 'pixels'] as const)
    await exportModel(python.model, { format: 'onnx', out: join(python.folder, `${input}.onnx`), input })
  const { whole, scaled } = await python.run<Record<'whole' | 'scaled', number[][]>>(
    'import math, onnx, onnxruntime',
    'from PIL import Image',
    "path = lambda name: sys.argv[1] + '/' + name + '.onnx'",
    "onnx.checker.check_model(path('image'), full_check=True)",
    "image, pixels = (onnxruntime.InferenceSession(path(name)) for name in ('image', 'pixels'))",
    'data = image.get_modelmeta().custom_metadata_map',
    "to, filter = math.floor(64 / float(data['crop_pct'])), Image.Resampling[data['interpolation'].upper()]",
    'sizes = [(150, 97), (80, 131), (30, 41)]',
    'photos = [Image.fromarray(images[i]).resize(size) for i, size in enumerate(sizes)]',
    'def scale(photo):',
    '  size = [to * side // min(photo.size) for side in photo.size]',
    '  left, top = [round((side - 64) / 2) for side in size]',
    '  return photo.resize(size, filter).crop((left, top, left + 64, top + 64))',
    "run = lambda model, photo: model.run(None, {'image': np.asarray(photo)[None]})[0][0].tolist()",
    'whole = [run(image, photo) for photo in photos]',
    "print(json.dumps({'whole': whole, 'scaled': [run(pixels, scale(photo)) for photo in photos]}))",
  )
  expect(whole).toHaveLength(3)
  const largest = Math.max(...scaled.flat().map(Math.abs))
  whole.flat().forEach((logit, i) => {
    expect(Math.abs(logit - (scaled.flat()[i] as number))).toBeLessThan(0.01 * largest)
  })
})

it("Python's onnx finds nothing wrong with a model in 8 bits, and its onnxruntime runs it", async () => {
  const out = join(python.folder, 'int8.onnx')
  const calibration = checkImages(python.model.preprocessing, 16, 1)
  await exportModel(python.model, { format: 'onnx', out, input: 'pixels', calibration })
  const { ops, shape } = await python.run<{ ops: string[]; shape: number[] }>(
    'import onnx, onnxruntime',
    "path = sys.argv[1] + '/int8.onnx'",
    'onnx.checker.check_model(path, full_check=True)',
    'options = onnxruntime.SessionOptions()',
    "options.optimized_model_filepath = sys.argv[1] + '/optimized.onnx'",
    'session = onnxruntime.InferenceSession(path, options)',
    "logits = session.run(None, {'image': images})[0]",
    'nodes = onnx.load(options.optimized_model_filepath).graph.node',
    "print(json.dumps({'ops': [node.op_type for node in nodes], 'shape': logits.shape}))",
  )
  expect(shape).toEqual([5, 3])
  // all of its convolutions are computed in integers
  expect(ops.filter((op) => op === 'QLinearConv')).toHaveLength(52)
  expect(ops).not.toContain('Conv')
})

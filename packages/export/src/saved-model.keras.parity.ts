import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import blocks from '@convkit/blocks'
import { createRegistry } from '@convkit/core'
import zoo from '@convkit/zoo'
import { afterAll, beforeAll, it } from 'vitest'
import { exportModel } from './export-model.js'
import { type PythonCase, pythonCase } from './testing/python-case.js'

let python: PythonCase
beforeAll(async () => {
  python = await pythonCase(createRegistry(blocks, zoo))
})
afterAll(() => rm(python.folder, { recursive: true }))

it("Python's TensorFlow runs a SavedModel, and Keras takes it as a layer", async () => {
  await exportModel(python.model, {
    format: 'savedmodel',
    out: join(python.folder, 'model'),
    input: 'pixels',
  })
  const { served, layer } = await python.run<{ served: number[][]; layer: number[][] }>(
    'import os',
    "os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'",
    'import tensorflow as tf, keras',
    "path = sys.argv[1] + '/model'",
    "serve = tf.saved_model.load(path).signatures['serving_default']",
    "served = serve(image=tf.constant(images))['logits'].numpy().tolist()",
    "taken = keras.layers.TFSMLayer(path, call_endpoint='serving_default')",
    "layer = taken(tf.constant(images))['logits'].numpy().tolist()",
    "print(json.dumps({'served': served, 'layer': layer}))",
  )
  python.expectLogits(served)
  python.expectLogits(layer)
})

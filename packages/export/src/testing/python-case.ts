import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createVariant, inputPredictor, type Model, type Registry } from '@convkit/core'
import { onnxEngine } from '@convkit/engine-onnx'
import { expect } from 'vitest'
import { python } from '../../../../tools/python.mjs'
import { checkImages } from '../check/check-images.js'

/** A model, and a folder where Python finds images of it. */
export interface PythonCase {
  readonly folder: string
  readonly model: Model
  /** What a script prints as JSON, given the folder as `sys.argv[1]` and pixels as `images` `[5, 64, 64, 3]`. */
  run<T>(...lines: readonly string[]): Promise<T>
  /** Expects the model's own logits of the images. */
  expectLogits(logits: readonly (readonly number[])[]): void
}

/** @param registry holds MobileNetV2. */
export async function pythonCase(registry: Registry): Promise<PythonCase> {
  const folder = await mkdtemp(join(tmpdir(), 'convkit-export-'))
  const model = await createVariant(registry.model('mobilenetv2_035'), {
    registry,
    engine: await onnxEngine(),
    classes: ['cat', 'dog', 'fox'],
    preprocessing: { inputSize: [64, 64] },
  })
  const images = checkImages(model.preprocessing, 5, 2)
  await writeFile(join(folder, 'pixels'), Buffer.concat(images.map(({ data }) => data)))
  const { logits: expected } = await inputPredictor(model).infer(images)
  return {
    folder,
    model,
    async run(...lines) {
      const script = [
        'import json, sys, numpy as np',
        "images = np.fromfile(sys.argv[1] + '/pixels', np.uint8).reshape(5, 64, 64, 3)",
        ...lines,
      ]
      const { stdout } = await promisify(execFile)(python().path ?? '', ['-c', script.join('\n'), folder])
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    },
    expectLogits(logits) {
      expect(logits.flat()).toHaveLength(expected.length)
      const largest = Math.max(...expected.map(Math.abs))
      for (const [i, value] of logits.flat().entries())
        expect(Math.abs(value - (expected[i] as number))).toBeLessThan(1e-4 * Math.min(1, largest))
    },
  }
}

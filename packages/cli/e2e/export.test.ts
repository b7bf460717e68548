import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeSafetensors } from '@convkit/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paintImages } from '../src/testing/paint-images.js'
import { convkit, makeFolder } from './convkit.js'

let cwd: string
beforeAll(async () => {
  cwd = await makeFolder()
  await paintImages(join(cwd, 'photos/train'), { red: 8, green: 8, blue: 8 }, 32)
  await paintImages(join(cwd, 'photos/val'), { red: 4, green: 4, blue: 4 }, 32)
  const options = '--model resnet20 --epochs 1 --batch-size 4 --augment none'
  expect(await convkit(cwd, 'train', 'photos', ...options.split(' '))).toMatchObject({ code: 0 })
}, 120_000)
afterAll(() => rm(cwd, { recursive: true }))

const exported = async (...more: readonly string[]) => {
  const { stdout, stderr, code } = await convkit(cwd, 'export', 'runs/train-1', '--json', ...more)
  expect([code, stderr.replace(/^(Model|Ranges) .*\n/gm, '')]).toEqual([0, ''])
  return JSON.parse(stdout)
}

test('a run is written as ONNX, TensorFlow.js and safetensors, each checked', async () => {
  const paths = {
    onnx: 'runs/train-1/export/resnet20.onnx',
    tfjs: 'runs/train-1/export/resnet20-tfjs',
    safetensors: 'runs/train-1/export/resnet20.safetensors',
  }
  for (const [format, path] of Object.entries(paths)) {
    const result = await exported('--format', format, '--images', 'photos/val')
    expect(result).toMatchObject({ path, images: 12, sameTop1: 12 })
    expect(result.largestDifference).toBeLessThanOrEqual(1e-4)
  }
  const tensors = decodeSafetensors(await readFile(join(cwd, paths.safetensors)))
  expect(tensors.get('conv1.weight')?.shape).toEqual([16, 3, 3, 3])
  const description = JSON.parse(await readFile(join(cwd, paths.tfjs, 'model.json'), 'utf8'))
  expect(description.userDefinedMetadata.labels).toBe('["blue","green","red"]')
})

test('8 bits come with the accuracy before and after', async () => {
  const result = await exported('--format', 'onnx', '--int8', '--calibration', 'photos')
  expect(result).toMatchObject({ path: 'runs/train-1/export/resnet20-int8.onnx', measuredImages: 12 })
  expect(result.bytes / result.floatBytes).toBeLessThan(0.45)
  const { top1 } = JSON.parse((await convkit(cwd, 'evaluate', 'runs/train-1', 'photos', '--json')).stdout)
  expect(result.top1Before).toBe(top1)
  expect(result.top1After).toBeGreaterThan(0)
})

test('a model that takes images of any size is compared on such', async () => {
  const result = await exported('--format', 'onnx', '--input', 'image', '--images', 'photos/val')
  expect(result).toMatchObject({ images: 12, sameTop1: 12, scaling: { images: 16, sameTop1: 16 } })
  expect(result.scaling.meanPixelDifference).toBeLessThan(1)
})

test.each([
  [['runs/train-1', '--format', 'safetensors', '--input', 'pixels'], 'safetensors hold weights alone'],
  [['runs/train-1', '--format', 'tfjs', '--input', 'image'], '--input image is for --format onnx, got tfjs'],
  [['runs/train-1', '--format', 'tfjs', '--int8', '--calibration', 'photos'], '--int8 is for --format onnx'],
  [['resnet20', '--weights', 'none', '--format', 'onnx', '--int8'], '--int8 needs images'],
  [['resnet20', '--format', 'onnx'], 'resnet20 is a network without weights'],
  [['nothing', '--format', 'onnx'], 'There is no model at nothing'],
  [['runs/train-1', '--format', 'onnx', '--out', 'photos'], 'photos is a folder with other files in it'],
])('export %j says why not', async (argv, message) => {
  const { stderr, code } = await convkit(cwd, 'export', ...argv)
  expect(stderr).toContain(message)
  expect(code).toBeGreaterThan(0)
})

test("8 bits take the images of the model's own run, as long as they are there", async () => {
  const argv = ['export', 'runs/train-1', '--format', 'onnx', '--int8'] as const
  const { stdout, code } = await convkit(cwd, ...argv)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Ranges {3}of 24 training images of .*photos, accuracy on 12 validation images$/m)
  expect(stdout).toMatch(/^Top-1 \d\.\d{3} in float32, \d\.\d{3} in 8 bits \(12 images\)$/m)

  await rm(join(cwd, 'photos/train/red/0.png'))
  expect((await convkit(cwd, ...argv)).stderr).toContain(
    'The images have changed since runs/train-1 began: 1 of its 36 are gone or different',
  )
  await rename(join(cwd, 'photos'), join(cwd, 'moved'))
  const { stderr } = await convkit(cwd, ...argv)
  expect(stderr).toMatch(/The images of runs\/train-1 are no longer at .*photos: .* by --calibration/)
})

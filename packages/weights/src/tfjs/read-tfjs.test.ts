import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { readTfjs } from './read-tfjs.js'

let folder: string
const folders: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convkit-tfjs-'))
  folders.push(folder)
})
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true })
})

const write = (name: string, content: unknown) => writeFileSync(join(folder, name), JSON.stringify(content))
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer)
const layer = (name: string, className: string, config: object = {}) => ({
  class_name: className,
  config: { name, ...config },
})

/** A base network inside a Sequential, as Teachable Machine nests them, with weights in two groups and three files. */
function writeModel(): void {
  const base = layer('mobilenet', 'Model', { layers: [layer('conv1', 'Conv2D', { strides: [2, 2] })] })
  const head = layer('head', 'Sequential', { layers: [layer('dense_1', 'Dense')] })
  write('model.json', {
    modelTopology: {
      model_config: { class_name: 'Sequential', config: { name: 'top', layers: [base, head] } },
    },
    weightsManifest: [
      {
        paths: ['base-1of2.bin', 'base-2of2.bin'],
        weights: [
          { name: 'conv1/kernel', shape: [1, 1, 1, 3], dtype: 'float32' },
          { name: 'counter', shape: [], dtype: 'int32' },
        ],
      },
      {
        paths: ['head.bin'],
        weights: [
          {
            name: 'a',
            shape: [2],
            dtype: 'float32',
            quantization: { dtype: 'uint8', scale: 0.5, min: -1 },
          },
          {
            name: 'b',
            shape: [1],
            dtype: 'float32',
            quantization: { dtype: 'uint16', scale: 2, min: 1 },
          },
          { name: 'c', shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
        ],
      },
    ],
  })
  const bytes = Buffer.concat([floats(1, -2, 3.5), Uint8Array.of(7, 0, 0, 0)])
  writeFileSync(join(folder, 'base-1of2.bin'), bytes.subarray(0, 5))
  writeFileSync(join(folder, 'base-2of2.bin'), bytes.subarray(5))
  // 0 and 255; 258; 1 and −2 in half precision
  writeFileSync(join(folder, 'head.bin'), Uint8Array.of(0, 255, 2, 1, 0x00, 0x3c, 0x00, 0xc0))
  write('metadata.json', { labels: ['cat', 'dog'], userMetadata: {} })
}

describe('readTfjs', () => {
  it('reads nested networks, several files and quantized weights', async () => {
    writeModel()
    const model = await readTfjs(folder)
    expect([...model.tensors].map(([name, { shape, data }]) => [name, [...shape], [...data]])).toEqual([
      ['conv1/kernel', [1, 1, 1, 3], [1, -2, 3.5]],
      ['a', [2], [-1, 126.5]],
      ['b', [1], [517]],
      ['c', [2], [1, -2]],
    ])
    expect(model.layers).toEqual([
      { name: 'conv1', className: 'Conv2D', config: { name: 'conv1', strides: [2, 2] } },
      { name: 'dense_1', className: 'Dense', config: { name: 'dense_1' } },
    ])
    expect(model.labels).toEqual(['cat', 'dog'])
    expect((await readTfjs(join(folder, 'model.json'))).tensors).toEqual(model.tensors)
  })

  it('has the preprocessing of Teachable Machine’s images', async () => {
    writeModel()
    expect((await readTfjs(folder)).preprocessing).toBeUndefined()
    write('metadata.json', { packageName: '@teachablemachine/image', labels: ['a', 'b'], imageSize: 96 })
    expect(await readTfjs(folder)).toMatchObject({
      labels: ['a', 'b'],
      preprocessing: { inputSize: [96, 96], cropPct: 1, mean: [127 / 255, 127 / 255, 127 / 255] },
    })
  })

  it('refuses files that are missing, cut short, or elsewhere', async () => {
    await expect(readTfjs(folder)).rejects.toThrow(/model\.json: there is no such file/)
    writeModel()
    rmSync(join(folder, 'head.bin'))
    await expect(readTfjs(folder)).rejects.toThrow(/head\.bin: there is no such file/)
    writeFileSync(join(folder, 'head.bin'), new Uint8Array(7))
    await expect(readTfjs(folder)).rejects.toThrow(/describes 8 bytes of weights, but its files have 7/)
    for (const path of ['../secret', '/etc/hosts', 'a/../../b', 'https://example.com/w.bin', 'c:\\w.bin']) {
      write('model.json', { weightsManifest: [{ paths: [path], weights: [] }] })
      await expect(readTfjs(folder), path).rejects.toThrow(/not in its folder/)
    }
  })

  it('allocates nothing for a shape that no file fills', async () => {
    write('model.json', {
      weightsManifest: [{ paths: [], weights: [{ name: 'a', shape: [1e9, 1e9], dtype: 'float32' }] }],
    })
    await expect(readTfjs(folder)).rejects.toMatchObject({ code: 'E_WEIGHTS' })
  })

  it('reads no file of weights again and again', async () => {
    writeFileSync(join(folder, 'w.bin'), new Uint8Array(4))
    write('model.json', { weightsManifest: [{ paths: ['w.bin', 'w.bin'], weights: [] }] })
    await expect(readTfjs(folder)).rejects.toThrow(/names a file of weights twice/)
  })

  it('reads any model.json, or fails by a coded error', async () => {
    const entry = fc.record(
      {
        name: fc.string(),
        shape: fc.array(fc.oneof(fc.nat(3), fc.double(), fc.integer()), { maxLength: 3 }),
        dtype: fc.constantFrom('float32', 'int32', 'bool', 'complex64', 'string'),
        quantization: fc.oneof(
          fc.anything(),
          fc.record({
            dtype: fc.constantFrom('uint8', 'uint16', 'float16'),
            scale: fc.double(),
            min: fc.double(),
          }),
        ),
      },
      { requiredKeys: ['name', 'shape', 'dtype'] },
    )
    const group = fc.record({
      paths: fc.constantFrom([], ['w.bin'], ['w.bin', 'w.bin']),
      weights: fc.array(entry),
    })
    const topology = fc.letrec((tie) => ({
      layer: fc.record({
        class_name: fc.constantFrom('Model', 'Dense', 3),
        config: fc.oneof({ maxDepth: 4 }, fc.anything(), fc.record({ layers: fc.array(tie('layer')) })),
      }),
    })).layer
    const model = fc.oneof(
      fc.anything(),
      fc.record({ modelTopology: topology, weightsManifest: fc.oneof(fc.anything(), fc.array(group)) }),
    )
    await fc.assert(
      fc.asyncProperty(model, fc.uint8Array({ maxLength: 24 }), async (content, bytes) => {
        writeFileSync(join(folder, 'model.json'), JSON.stringify(content) ?? '')
        writeFileSync(join(folder, 'w.bin'), bytes)
        await readTfjs(folder).catch((error) => expect(error).toMatchObject({ code: 'E_WEIGHTS' }))
      }),
      { numRuns: 200 },
    )
  })

  it('ends networks that are nested without end', async () => {
    const open = '{"class_name":"Model","config":{"layers":['.repeat(3000)
    const topology = `${open}${']}}'.repeat(3000)}`
    writeFileSync(join(folder, 'model.json'), `{"modelTopology":${topology},"weightsManifest":[]}`)
    await expect(readTfjs(folder)).rejects.toThrow(/nests networks more than 64 deep/)
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { type Hdf5Contents, hdf5Bytes } from '../testing/write-hdf5.js'
import { readHdf5 } from './hdf5.js'
import { readKeras } from './read-keras.js'

const folder = mkdtempSync(join(tmpdir(), 'convkit-keras-'))
afterAll(() => rmSync(folder, { recursive: true }))

const one = (value: number, ...shape: number[]) => ({
  shape,
  data: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => value),
})
const file = async (name: string, contents: Hdf5Contents) => {
  writeFileSync(join(folder, name), await hdf5Bytes(contents))
  return join(folder, name)
}
const names = async (path: string) =>
  Object.fromEntries([...(await readKeras(path)).tensors].map(([name, { data }]) => [name, data[0]]))

// The HDF5 library takes a while to start.
vi.setConfig({ testTimeout: 30_000 })

describe('readKeras', () => {
  it('reads whole networks of Keras 2, with nested ones and their layers', async () => {
    const conv = { class_name: 'Conv2D', config: { name: 'conv', strides: [2, 2] } }
    const base = { class_name: 'Functional', config: { name: 'base', layers: [conv] } }
    const path = await file('keras2.h5', {
      '@model_config': JSON.stringify({ class_name: 'Sequential', config: { layers: [base] } }),
      model_weights: {
        base: { conv: { 'kernel:0': one(1, 1, 1, 2, 3), 'bias:0': one(2, 3) } },
        dense: { sequential: { dense: { 'kernel:0': one(3, 2, 2) } } },
      },
      optimizer_weights: { conv: { 'kernel:0': one(9, 1) } },
    })
    expect(await names(path)).toEqual({ 'conv/kernel': 1, 'conv/bias': 2, 'dense/kernel': 3 })
    expect((await readKeras(path)).layers).toEqual([
      { name: 'conv', className: 'Conv2D', config: { name: 'conv', strides: [2, 2] } },
    ])
  })

  it('reads weights of Keras 1', async () => {
    const path = await file('keras1.h5', {
      block1_conv1: { 'block1_conv1_W_1:0': one(1, 1, 1, 1, 1), 'block1_conv1_b_1:0': one(2, 1) },
    })
    expect(await names(path)).toEqual({ 'block1_conv1/kernel': 1, 'block1_conv1/bias': 2 })
  })

  it('names the numbered variables of Keras 3', async () => {
    const vars = (name: string, ...values: ReturnType<typeof one>[]) => ({
      vars: { '@name': name, ...Object.fromEntries(values.map((value, i) => [String(i), value])) },
    })
    const path = await file('a.weights.h5', {
      layers: {
        conv2d: vars('stem', one(1, 1, 1, 1, 2), one(2, 2)),
        batch_normalization: vars('norm', one(3, 2), one(4, 2), one(5, 2), one(6, 2)),
        batch_normalization_1: vars('unscaled', one(7, 2), one(8, 2), one(9, 2)),
      },
    })
    expect(await names(path)).toEqual({
      'stem/kernel': 1,
      'stem/bias': 2,
      'norm/gamma': 3,
      'norm/beta': 4,
      'norm/moving_mean': 5,
      'norm/moving_variance': 6,
      'unscaled/beta': 7,
      'unscaled/moving_mean': 8,
      'unscaled/moving_variance': 9,
    })
  })

  it('finds the names of Keras 3 in the config where groups have none', async () => {
    const layer = (className: string, name: string, config = {}) => ({
      class_name: className,
      config: { name, ...config },
    })
    const inner = layer('Functional', 'base', {
      layers: [layer('Conv2D', 'first'), layer('Conv2D', 'second')],
    })
    const path = await file('unnamed.h5', {
      '@model_config': JSON.stringify(
        layer('Sequential', 'all', { layers: [inner, layer('Dense', 'head')] }),
      ),
      layers: {
        functional: {
          layers: {
            conv2d: { vars: { 0: one(1, 1, 1, 1, 1) } },
            conv2d_1: { vars: { 0: one(2, 1, 1, 1, 1) } },
          },
        },
        dense: { vars: { 0: one(3, 1, 1) } },
      },
    })
    expect(await names(path)).toEqual({ 'first/kernel': 1, 'second/kernel': 2, 'head/kernel': 3 })
  })

  it('reads floats of 16 bits', async () => {
    const { tensors } = await readKeras(join(import.meta.dirname, '../fixtures/half.h5'))
    const plain = [...tensors].map(([name, { shape, data }]) => [name, [...shape], [...data]])
    expect(plain).toEqual([
      ['conv/bias', [4], [0, 1, 2, 3]],
      ['conv/kernel', [2, 2], [1, 0.5, -2, 65504]],
    ])
  })

  it('refuses other files', async () => {
    await expect(readKeras(join(folder, 'none.h5'))).rejects.toThrow(/none\.h5: there is no such file/)
    writeFileSync(join(folder, 'text.h5'), 'weights')
    await expect(readKeras(join(folder, 'text.h5'))).rejects.toThrow(/cannot be read as HDF5/)
    await expect(readKeras(await file('empty.h5', { layers: {} }))).rejects.toThrow(/holds no weights/)
    const twice = { a: { conv: { kernel: one(1, 1) } }, b: { conv: { kernel: one(1, 1) } } }
    await expect(readKeras(await file('twice.h5', twice))).rejects.toThrow(/two tensors called conv\/kernel/)
  })
})

describe('readHdf5', () => {
  it('ends damaged files in values or a coded error, and does not wait for ever', async () => {
    const bytes = await hdf5Bytes({
      '@model_config': '{}',
      a: { b: { kernel: one(1, 2, 3), bias: one(2, 3) } },
      c: { kernel: one(3, 40) },
    })
    const damage = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(1), async (changes, cut) => {
        const damaged = bytes.slice(0, cut ? bytes.length : bytes.length / 2)
        for (const [at, value] of changes) damaged[at % damaged.length] = value
        await readHdf5(damaged, 'x.h5', 1000).then(
          ({ datasets }) => {
            for (const { data } of datasets) expect(data.length).toBeLessThan(bytes.length)
          },
          (error) => expect(error).toMatchObject({ code: 'E_WEIGHTS' }),
        )
      }),
      { numRuns: 12 },
    )
  })
})

import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { convkit, makeFolder } from './convkit.js'

let cwd: string
beforeAll(async () => {
  cwd = await makeFolder()
})
afterAll(() => rm(cwd, { recursive: true }))

test('--help lists the commands, and each has its own', async () => {
  const { code, stdout } = await convkit(cwd, '--help')
  expect(code).toBe(0)
  const commands = [
    'train',
    'evaluate',
    'predict',
    'embed',
    'lr-find',
    'models',
    'summary',
    'compare',
    'compare-runs',
    'doctor',
    'setup',
  ]
  for (const command of commands) expect(stdout).toContain(`\n  ${command} `)
  const helps = await Promise.all(commands.map((command) => convkit(cwd, command, '--help')))
  for (const help of helps) {
    expect(help.code).toBe(0)
    for (const flag of ['--json', '--quiet', '--engine', '--seed', '--debug'])
      expect(help.stdout).toContain(flag)
  }
})

describe('wrong usage ends with 2 and one line that says what to do', () => {
  test.each([
    [
      'an unknown command',
      ['trian', 'photos'],
      /^Error {4}There is no command 'trian' \(nearest: train, .*, .*; all of them: convkit --help\) \(E_USAGE\)\n$/,
    ],
    [
      'an unknown option',
      ['train', 'photos', '--epoch', '3'],
      /^Error {4}unknown option '--epoch' \(Did you mean --epochs\?\) \(E_USAGE\)\n$/,
    ],
    [
      'a number that is none',
      ['train', 'photos', '--epochs', 'many'],
      /^Error .*'--epochs <number>' argument 'many' is invalid.*\(E_USAGE\)\n$/,
    ],
    [
      'a value out of range',
      ['train', 'photos', '--epochs', '0'],
      /^Error {4}--epochs must be a whole number of at least 1, got 0 \(E_OPTION\)\n$/,
    ],
    [
      'no data',
      ['train'],
      /^Error {4}train needs the folder of the images: convkit train photos \(E_USAGE\)\n$/,
    ],
    [
      'a missing argument',
      ['predict', 'runs/train-1'],
      /^Error {4}missing required argument 'images' \(E_USAGE\)\n$/,
    ],
    [
      'an unknown model',
      ['train', 'photos', '--model', 'resnet81'],
      /^Error .*'resnet81' \(nearest: \w+, \w+, \w+; all of them: convkit models\) \(E_UNKNOWN_MODEL\)\n$/,
    ],
    [
      'an unknown engine',
      ['train', 'photos', '--engine', 'onyx'],
      /^Error .*"onyx"; registered: tensorflow, onnx \(E_UNKNOWN_ENGINE\)\n$/,
    ],
    [
      'a glob without a model',
      ['models', 'resmet*'],
      /^Error {4}No model is called 'resmet\*' \(nearest: .*; all of them: convkit models\) \(E_UNKNOWN_MODEL\)\n$/,
    ],
    [
      'a size of zero',
      ['summary', 'resnet18', '--size', '0'],
      /^Error .*must be at least 1, got 0 \(E_OPTION\)\n$/,
    ],
  ])('%s', async (_name, argv, message) => {
    const { code, stdout, stderr } = await convkit(cwd, ...argv)
    expect(stderr).toMatch(message)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})

test('with --json an error is an object too; with --debug the stack is shown', async () => {
  const json = await convkit(cwd, 'train', 'photos', '--model', 'resnet81', '--json')
  expect(JSON.parse(json.stdout)).toEqual({
    error: { code: 'E_UNKNOWN_MODEL', message: expect.stringContaining('resnet81') },
  })
  const debug = await convkit(cwd, 'train', 'photos', '--model', 'resnet81', '--debug')
  expect(debug.stderr).toMatch(/\n {4}at /)
})

test('models: names, parameters, inputs and published weights', async () => {
  const { code, stdout } = await convkit(cwd, 'models', 'resnet1?', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    models: [
      {
        name: 'resnet18',
        family: 'resnet',
        parameters: 11_689_512,
        macs: 1_814_073_344,
        input: [224, 224, 3],
        weights: expect.arrayContaining([
          expect.objectContaining({ tag: 'tv_in1k', license: 'bsd-3-clause', top1: 69.758, top5: 89.078 }),
        ]),
      },
    ],
  })
  const list = (await convkit(cwd, 'models')).stdout
  expect(list).toMatch(/^resnet18 +11\.7 M +224 +a1_in1k +apache-2\.0$/m)
  expect(list).toMatch(/^vgg16 +138 M +224 +tv_in1k +bsd-3-clause +71\.6$/m)
  expect(Math.max(...list.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80)
  const one = (await convkit(cwd, 'models', 'resnet18')).stdout
  expect(one).toMatch(/^resnet18 \(resnet\): 11,689,512 parameters, 1\.8 G MACs, input 224×224×3\n/)
  expect(one).toMatch(/^tv_in1k +bsd-3-clause +1000 +224 +69\.8 +89\.1$/m)
  expect(Math.max(...one.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80)
})

test('summary: a row a layer', async () => {
  const json = await convkit(
    cwd,
    'summary',
    'resnet18',
    '--size',
    '64',
    '--batch-size',
    '2',
    '--classes',
    '10',
    '--json',
  )
  const { input, layers, parameters } = JSON.parse(json.stdout)
  expect(input).toEqual([2, 64, 64, 3])
  expect(parameters).toBe(11_689_512 - 990 * 513)
  expect(layers.find(({ scope }: { scope: string }) => scope === 'conv1')).toMatchObject({
    op: 'conv2d',
    shape: [2, 32, 32, 64],
    parameters: 9408,
    receptiveField: [7, 7],
  })
  expect((await convkit(cwd, 'summary', 'resnet18')).stdout).toContain('11,689,512 parameters, 1.8 G MACs')
})

test('doctor: what is there', async () => {
  const { code, stdout } = await convkit(cwd, 'doctor', '--json')
  expect(code).toBe(0)
  const { findings } = JSON.parse(stdout)
  const rows: [string, boolean][] = findings.map(({ name, ok }: { name: string; ok: boolean }) => [name, ok])
  // The TensorFlow engine needs a binding of its own: it is reported, there or not.
  expect(rows.filter(([name]) => name !== 'tensorflow')).toEqual(
    ['Node', 'CPU', 'Memory', 'sharp', 'onnx'].map((name) => [name, true]),
  )
  expect(rows.map(([name]) => name)).toContain('tensorflow')
})

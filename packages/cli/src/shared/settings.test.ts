import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../program.js'
import { testHost } from '../testing/test-host.js'

let folder: string
const home = process.cwd()
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-settings-'))
  process.chdir(folder)
})
afterEach(async () => {
  process.chdir(home)
  await rm(folder, { recursive: true })
})

const write = (config: object) => writeFile('convkit.config.json', JSON.stringify(config))

/** The options that a command line would run with, by name; or the message of its failure. */
async function settle(argv: readonly string[], env: Record<string, string> = {}) {
  const host = { ...testHost(), env }
  const code = await run([...argv, '--print-config', '--json'], host)
  const { options, error } = JSON.parse(host.written.stdout)
  if (error) return { code, message: error.message as string }
  const entries = (options as { name: string; value: unknown; from: string }[]).filter(
    ({ from }) => from !== 'default' && from !== '--json',
  )
  return Object.fromEntries(entries.map(({ name, value, from }) => [name, [value, from]]))
}

describe('settings', () => {
  it('come from the command line, over the environment, over the config', async () => {
    await write({
      seed: 7,
      threads: 3,
      engine: 'onnx',
      train: { epochs: 5, batchSize: 8, optimizer: 'sgd', seed: 8 },
    })
    const env = { CONVKIT_EPOCHS: '6', CONVKIT_BATCH_SIZE: '9', CONVKIT_OVERSAMPLE: '1', CONVKIT_LR: '' }
    expect(await settle(['train', 'photos', '--epochs', '7'], env)).toEqual({
      epochs: [7, '--epochs'],
      batchSize: [9, 'CONVKIT_BATCH_SIZE'],
      oversample: [true, 'CONVKIT_OVERSAMPLE'],
      optimizer: ['sgd', 'convkit.config.json'],
      seed: [8, 'convkit.config.json'],
      threads: [3, 'convkit.config.json'],
      engine: ['onnx', 'convkit.config.json'],
    })
    expect(await settle(['predict', 'run', 'a.jpg'], env)).toEqual({
      seed: [7, 'convkit.config.json'],
      threads: [3, 'convkit.config.json'],
      engine: ['onnx', 'convkit.config.json'],
    })
  })

  it('are not mixed with those of a run, or of a whole config', async () => {
    await write({ train: { epochs: 5 }, seed: 3 })
    const env = { CONVKIT_BATCH_SIZE: '9' }
    expect(await settle(['train', '--resume', 'runs/train-1'], env)).toEqual({
      resume: ['runs/train-1', '--resume'],
    })
    expect(await settle(['train', '--config', 'train.json'], env)).toEqual({
      config: ['train.json', '--config'],
      batchSize: [9, 'CONVKIT_BATCH_SIZE'],
    })
  })

  it.each([
    [
      { train: { epoch: 5 } },
      /^train\.epoch in .*convkit\.config\.json is not an option of train \(nearest: epochs/,
    ],
    [{ train: { epochs: 'many' } }, /^epochs in .* must be a whole number, got "many"$/],
    [
      { train: { optimizer: 'sdg' } },
      /^optimizer in .* must be one of adamw, adam, sgd, rmsprop, got "sdg"$/,
    ],
    [{ train: { oversample: 'often' } }, /^oversample in .* must be true or false, got "often"$/],
    [{ train: 3 }, /^train in .* must be an object of options, got 3$/],
    [{ sede: 3 }, /^sede in .* is neither a command nor an option \(nearest: seed/],
    [{ plugin: [] }, /^plugin in .* is neither a command nor an option \(nearest: plugins/],
    [{ debug: true }, /^debug in .* is neither a command nor an option/],
  ])('%j is refused', async (config, message) => {
    await write(config)
    expect(await settle(['train', 'photos'])).toEqual({ code: 1, message: expect.stringMatching(message) })
  })

  it('of the environment that do not fit are refused', async () => {
    expect(await settle(['train', 'photos'], { CONVKIT_EPOCHS: 'many' })).toEqual({
      code: 2,
      message: "CONVKIT_EPOCHS must be a whole number, got 'many'",
    })
  })

  it('are shown with their defaults', async () => {
    const host = testHost()
    expect(await run(['train', 'photos', '--lr', '0.1', '--print-config'], host)).toBe(0)
    expect(host.written.stdout).toMatch(/^option +value +from$/m)
    expect(host.written.stdout).toMatch(/^lr +0\.1 +--lr$/m)
    expect(host.written.stdout).toMatch(/^epochs +10 +default$/m)
  })
})

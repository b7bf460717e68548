import { cp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paintImages } from '../src/testing/paint-images.js'
import { convkit, makeFolder, start } from './convkit.js'

const epochs = 20
const long = `--model lenet5 --epochs ${epochs} --batch-size 2 --validation 0.34 --patience 0`.split(' ')

let cwd: string
beforeAll(async () => {
  cwd = await makeFolder()
  await paintImages(join(cwd, 'photos'))
})
afterAll(() => rm(cwd, { recursive: true }))

const metricsOf = async (run: string) => {
  const lines = (await readFile(join(cwd, run, 'metrics.csv'), 'utf8')).trim().split('\n')
  return lines.map((line) => line.split(',').slice(0, 4).join(','))
}

/** Trains in `out/train-1` until the second epoch is printed, then sends a signal. */
async function trainUntilSignal(out: string, signal: NodeJS.Signals) {
  const { child, printed, result } = start(cwd, ['train', 'photos', ...long, '--out', out])
  await printed(new RegExp(`^ 2/${epochs} `, 'm'))
  child.kill(signal)
  return result
}

test('runs that were interrupted or killed continue as if nothing had happened', async () => {
  const whole = await convkit(cwd, 'train', 'photos', ...long, '--out', 'whole')
  expect(whole.code).toBe(0)

  const interrupted = await trainUntilSignal('interrupted', 'SIGINT')
  expect(interrupted.code).toBe(130)
  expect(interrupted.stderr).toBe('Stopped  saved; resume with: convkit train --resume interrupted/train-1\n')
  expect((await trainUntilSignal('terminated', 'SIGTERM')).code).toBe(143)
  expect((await trainUntilSignal('killed', 'SIGKILL')).code).toBe(null)

  const weights = await readFile(join(cwd, 'whole/train-1/model/model.safetensors'))
  const metrics = await metricsOf('whole/train-1')
  for (const run of ['interrupted/train-1', 'terminated/train-1', 'killed/train-1']) {
    expect(await readdir(join(cwd, run))).not.toContain('model')
    const resumed = await convkit(cwd, 'train', '--resume', run, '--json')
    expect(resumed).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`{"run":"${run}","epochs":${epochs},`),
    })
    expect((await readFile(join(cwd, run, 'model/model.safetensors'))).equals(weights)).toBe(true)
    expect(await metricsOf(run)).toEqual(metrics)
  }
})

test('a resume is refused when it cannot continue', async () => {
  await trainUntilSignal('refused', 'SIGINT')
  const options = await convkit(cwd, 'train', '--resume', 'refused/train-1', '--lr', '1', '--epochs', '2')
  expect(options.stderr).toContain('A run is resumed with its own config: leave --lr, --epochs out (E_USAGE)')
  expect(options.code).toBe(2)

  const unfinished = await convkit(cwd, 'predict', 'refused/train-1', 'photos')
  expect(unfinished.stderr).toContain(
    'refused/train-1 is a run that has not finished; continue it with: convkit train --resume refused/train-1',
  )
  expect(unfinished.code).toBe(1)

  const finished = await convkit(cwd, 'train', '--resume', 'whole/train-1')
  expect(finished.stderr).toContain(
    'whole/train-1 has finished; use it with: convkit predict whole/train-1 photo.jpg (E_RESUME)',
  )
  expect(finished.code).toBe(1)

  await cp(join(cwd, 'photos/blue/0.png'), join(cwd, 'photos/blue/new.png'))
  const changed = await convkit(cwd, 'train', '--resume', 'refused/train-1')
  expect(changed.stderr).toMatch(
    /The images have changed since refused\/train-1 began: .*; put them back, or start a new run \(E_DATASET_CHANGED\)\n$/,
  )
  expect(changed.code).toBe(1)
})

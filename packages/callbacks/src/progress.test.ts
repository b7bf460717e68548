import type { TrainingContext } from '@convkit/core'
import { expect, test } from 'vitest'
import { progress } from './progress.js'
import { simpleLog } from './simple-log.js'
import { endEpoch, fakeContext, recorder } from './testing/fake-context.js'

const erase = '\r\u001b[2K'
const noColor = { NO_COLOR: '1' }

/** Two seconds a batch. */
function train(
  callback: ReturnType<typeof progress>,
  context: TrainingContext,
  clock: { time: number },
  batches: number[],
) {
  callback.onEpochBegin?.(1, context)
  for (const batch of batches) {
    callback.onBatchBegin?.(batch, context)
    clock.time += 2000
    callback.onBatchEnd?.(batch, { loss: 0.4981, top1: 0.83 }, context)
  }
}

test('a live bar with position, values and the time that is left', () => {
  const output = recorder({ isTTY: true, columns: 100 })
  const clock = { time: 0 }
  const callback = progress({ output, env: noColor, now: () => clock.time })
  train(
    callback,
    fakeContext({ stepsPerEpoch: 21 }),
    clock,
    Array.from({ length: 14 }, (_, batch) => batch),
  )
  expect(output.text.split(erase).at(-1)).toBe(
    ' 2/10  ━━━━━━━━━━╺━━━━━  14/21  loss 0.498  acc 0.83  eta 0:14',
  )
})

test('the time left of a resumed epoch counts from where it began', () => {
  const output = recorder({ isTTY: true, columns: 100 })
  const clock = { time: 0 }
  const callback = progress({ output, env: noColor, now: () => clock.time })
  train(callback, fakeContext({ stepsPerEpoch: 20 }), clock, [10, 11])
  expect(output.text.split(erase).at(-1)).toContain('12/20  loss 0.498  acc 0.83  eta 0:16')
})

test('draws no oftener than the interval, and never wider than the terminal', () => {
  const output = recorder({ isTTY: true, columns: 40 })
  const clock = { time: 0 }
  const callback = progress({ output, env: noColor, now: () => clock.time, interval: 5000 })
  train(callback, fakeContext({ stepsPerEpoch: 9 }), clock, [0, 1, 2, 3, 4, 5])
  const lines = output.text.split(erase)
  expect(lines).toEqual([' 2/10  ━╺━━━━━━━━━━━━━━  1/9', ' 2/10  ━━━━━━━╺━━━━━━━━  4/9'])
})

test('the bar is gone before the line of the epoch is printed', async () => {
  const output = recorder({ isTTY: true, columns: 100 })
  const clock = { time: 0 }
  const bar = progress({ output, env: noColor, now: () => clock.time })
  const log = simpleLog({ output, env: noColor, template: 'epoch {epoch}', announce: false })
  const context = fakeContext({ stepsPerEpoch: 2 })
  log.onTrainBegin?.(context)
  train(bar, context, clock, [0, 1])
  await endEpoch([log, bar], { loss: 0.4 }, context)
  expect(output.text.endsWith(`2/2  loss 0.498  acc 0.83  eta 0:00${erase}epoch 1\n`)).toBe(true)
})

test.each([
  ['no terminal', { isTTY: false }, noColor],
  ['CI', { isTTY: true }, { ...noColor, CI: 'true' }],
])('%s: a plain line an epoch, nothing live', async (_name, terminal, env) => {
  const output = recorder(terminal)
  const clock = { time: 0 }
  const callback = progress({ output, env, now: () => clock.time })
  const context = fakeContext({ stepsPerEpoch: 2 })
  train(callback, context, clock, [0, 1])
  await endEpoch([callback], { loss: 0.4, top1: 0.5, val_loss: 0.6, val_top1: 0.7, lr: 1 }, context)
  expect(output.text).toBe(' 1/10  loss 0.4000  acc 0.500  val_loss 0.6000  val_acc 0.700\n')
})

test('no line of its own beside simpleLog', async () => {
  const output = recorder()
  const callbacks = [progress({ output }), simpleLog({ output, template: 'epoch {epoch}', announce: false })]
  const context = fakeContext()
  for (const callback of callbacks) await callback.onTrainBegin?.(context)
  await endEpoch(callbacks, { loss: 0.4 }, context)
  expect(output.text).toBe('epoch 1\n')
})

import { expect, test } from 'vitest'
import { simpleLog } from './simple-log.js'
import { endEpoch, fakeContext, recorder } from './testing/fake-context.js'

const logs = {
  loss: 0.912,
  top1: 0.61,
  val_loss: 0.544,
  val_top1: 0.8,
  lr: 1e-3,
  imagesPerSecond: 141.7,
  seconds: 3.2,
}

test('a table with a header, aligned columns and the best epochs marked', async () => {
  const output = recorder()
  const log = simpleLog({ output, env: {}, announce: false })
  const context = fakeContext()
  log.onTrainBegin?.(context)
  await endEpoch([log], logs, context)
  await endEpoch([log], { ...logs, val_loss: 0.6, seconds: 61 }, context)
  await endEpoch([log], { ...logs, val_loss: 0.3 }, context)
  expect(output.text).toBe(
    [
      'epoch    loss  val_loss    acc  val_acc       lr  img/s  time',
      ' 1/10  0.9120    0.5440  0.610    0.800   1.0e-3    142  0:03  best',
      ' 2/10  0.9120    0.6000  0.610    0.800   1.0e-3    142  1:01',
      ' 3/10  0.9120    0.3000  0.610    0.800   1.0e-3    142  0:03  best',
      '',
    ].join('\n'),
  )
})

test('start and end are announced, in colour on a terminal and without NO_COLOR', async () => {
  const runs = {
    plain: { isTTY: false, env: {} },
    colour: { isTTY: true, env: {} },
    refused: { isTTY: true, env: { NO_COLOR: '1' } },
  }
  const texts = Object.entries(runs).map(([name, { isTTY, env }]) => {
    const output = recorder({ isTTY })
    const log = simpleLog({ output, env })
    log.onTrainBegin?.(fakeContext())
    log.onTrainEnd?.({}, fakeContext())
    return [name, output.text]
  })
  expect(Object.fromEntries(texts)).toEqual({
    plain: 'Training: start\nTraining: end\n',
    colour: '\u001b[36mTraining: start\u001b[39m\n\u001b[36mTraining: end\u001b[39m\n',
    refused: 'Training: start\nTraining: end\n',
  })
})

test('prints the first, every n-th and the last epoch', async () => {
  const output = recorder()
  const log = simpleLog({ output, every: 4, template: '{epoch}', announce: false })
  const context = fakeContext({ epochs: 10 })
  log.onTrainBegin?.(context)
  for (let epoch = 0; epoch < 10; epoch++) await endEpoch([log], logs, context)
  log.onTrainEnd?.(logs, context)
  expect(output.text.trim().split('\n')).toEqual(['1', '4', '8', '10'])
})

test('prints the last epoch of a run that stopped early', async () => {
  const output = recorder()
  const log = simpleLog({ output, every: 4, template: '{epoch}', announce: false })
  const context = fakeContext({ epochs: 10 })
  log.onTrainBegin?.(context)
  for (let epoch = 0; epoch < 6; epoch++) await endEpoch([log], logs, context)
  log.onTrainEnd?.(logs, context)
  expect(output.text.trim().split('\n')).toEqual(['1', '4', '6'])
})

test('a template of your own, with labels and keys', async () => {
  const output = recorder()
  const template = '{epoch}/{epochs} {accuracy} {val_loss} {missing} {unknown}'
  const log = simpleLog({
    output,
    metrics: { accuracy: 'top1', missing: 'nothing' },
    epochs: 7,
    template,
    announce: false,
  })
  const context = fakeContext()
  log.onTrainBegin?.(context)
  await endEpoch([log], logs, context)
  expect(output.text).toBe('1/7 0.610 0.5440 – {unknown}\n')
})

import { createRegistry } from '@convkit/core'
import { expect, test } from 'vitest'
import callbacks from './index.js'

test('the plugin lists every callback by its own name', () => {
  const registry = createRegistry(callbacks)
  const options = { folder: 'checkpoints', file: 'metrics.csv' }
  const made = [...registry.callbacks].map(([name, create]) => [name, create(options).name])
  expect(made.map(([, name]) => name)).toEqual(made.map(([name]) => name))
  expect(made.map(([name]) => name)).toEqual([
    'averageWeights',
    'checkpoint',
    'confusion',
    'csvLog',
    'earlyStopping',
    'jsonLog',
    'progress',
    'reduceLrOnPlateau',
    'simpleLog',
    'tensorboard',
    'terminateOnNaN',
    'timer',
    'topLosses',
  ])
})

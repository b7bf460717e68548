import { createRegistry } from '@convkit/core'
import { expect, test } from 'vitest'
import callbacks from './index.js'

test('the plugin lists every callback by its own name', () => {
  const registry = createRegistry(callbacks)
  const options = { folder: 'checkpoints', file: 'metrics.csv' }
  expect([...registry.callbacks].map(([name, create]) => [name, create(options).name])).toEqual(
    ['checkpoint', 'csvLog', 'earlyStopping', 'progress', 'simpleLog', 'terminateOnNaN'].map((name) => [
      name,
      name,
    ]),
  )
})

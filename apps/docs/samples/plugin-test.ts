// #region test
import { createRegistry } from '@convkit/core'
import { checkArchitecture } from '@convkit/core/testing'
import plugin from './plugin.js'

checkArchitecture({
  model: 'tinynet_8',
  registry: createRegistry(plugin),
  inputSize: [16, 16],
})
// #endregion test

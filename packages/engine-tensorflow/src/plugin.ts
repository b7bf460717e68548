import { definePlugin } from '@convkit/core'
import { tensorflowProvider } from './engine.js'

/** Adds the engine `tensorflow` to a registry. */
export default definePlugin({ name: '@convkit/engine-tensorflow', engines: [tensorflowProvider] })

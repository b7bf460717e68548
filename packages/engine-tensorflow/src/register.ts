/** Registers the engine when it is imported. */
import { register } from '@convkit/core'
import plugin from './plugin.js'

register(plugin)

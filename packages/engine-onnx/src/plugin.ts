import { definePlugin } from '@convkit/core'
import { onnxProvider } from './engine.js'

/** Adds the engine `onnx` to a registry. */
export default definePlugin({ name: '@convkit/engine-onnx', engines: [onnxProvider] })

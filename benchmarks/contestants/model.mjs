// What convkit's contestants have in common: a model on an engine, and images in memory.

import { createRegistry, createVariant } from '@convkit/core'
import zoo from '@convkit/zoo'

const engines = {
  onnx: () => import('@convkit/engine-onnx'),
  tensorflow: () => import('@convkit/engine-tensorflow'),
}

/** The model, or the end of the process with the reason when its engine is not here. */
export async function createContestant(
  { model, size, engine, device, precision, classes = 1000 },
  options = {},
) {
  try {
    const { default: plugin } = await engines[engine]()
    const registry = createRegistry(zoo, plugin)
    const preprocessing = { inputSize: [size, size], cropPct: 1 }
    return await createVariant(registry.model(model), {
      registry,
      engine,
      engineOptions: { device, precision },
      classes,
      preprocessing,
      ...options,
    })
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' && error.code !== 'E_ENGINE_UNAVAILABLE') throw error
    console.log(`missing ${error.message.split('\n')[0]}`)
    process.exit(0)
  }
}

/** So many decoded images, all different. */
export function someImages(count, size) {
  return Array.from({ length: count }, (_, i) => ({
    height: size,
    width: size,
    channels: 3,
    data: Uint8Array.from({ length: size * size * 3 }, (_, k) => (k * 31 + i * 17) & 255),
  }))
}

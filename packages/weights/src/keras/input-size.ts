import type { KerasLayer } from './keras-model.js'

/** Height and width of the images that a network was made for, where its first layer names them. */
export function inputSizeOf(layers: readonly KerasLayer[]): readonly [number, number] | undefined {
  for (const { config } of layers) {
    // Keras 3 and Keras 2.
    const shape = config.batch_shape ?? config.batch_input_shape
    if (!Array.isArray(shape)) continue
    const [, height, width] = shape
    const isSize = (size: unknown): size is number => Number.isSafeInteger(size) && Number(size) > 0
    return shape.length === 4 && isSize(height) && isSize(width) ? [height, width] : undefined
  }
  return undefined
}

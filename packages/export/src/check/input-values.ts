import type { Pixels, Preprocessing, TensorData } from '@convkit/core'
import type { NetworkInput } from '../graph/inference-graph.js'

/** Images of the input size as an exported model takes them: what a user of it has to do. */
export function inputValues(
  images: readonly Pixels[],
  { inputSize: [height, width], channels, mean, std }: Preprocessing,
  { input, channels: order }: { readonly input: NetworkInput; readonly channels: 'first' | 'last' },
): TensorData {
  const size = height * width * channels
  const pixels = new Uint8Array(images.length * size)
  for (const [i, { data }] of images.entries()) pixels.set(data, i * size)
  const channelsLast = [images.length, height, width, channels]
  if (input === 'pixels') return { dtype: 'uint8', shape: channelsLast, data: pixels }
  const data = new Float32Array(pixels.length)
  const area = height * width
  for (let i = 0; i < pixels.length; i++) {
    const channel = i % channels
    const value = ((pixels[i] as number) / 255 - (mean[channel] as number)) / (std[channel] as number)
    const pixel = Math.floor(i / channels)
    const place = (Math.floor(pixel / area) * channels + channel) * area + (pixel % area)
    data[order === 'first' ? place : i] = value
  }
  return order === 'first'
    ? { dtype: 'float32', shape: [images.length, channels, height, width], data }
    : { dtype: 'float32', shape: channelsLast, data }
}

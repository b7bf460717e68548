/** How a channel's gradients become its weight. */
export type CamMethod = 'grad-cam' | 'grad-cam++'

/** A layer's map and the gradients of a class's logit to it: `[positions, channels]` row-major each. */
export interface CamInputs {
  readonly map: Float32Array
  readonly slopes: Float32Array
  readonly channels: number
}

/** The weight of one channel by its activations and gradients. */
type ChannelWeight = (activations: Float64Array, slopes: Float64Array) => number

const channelWeights: Readonly<Record<CamMethod, ChannelWeight>> = {
  'grad-cam': (_activations, slopes) => sum(slopes) / slopes.length,
  'grad-cam++'(activations, slopes) {
    const total = sum(activations)
    return slopes.reduce((weight, slope) => {
      const alpha = slope ** 2 / (2 * slope ** 2 + total * slope ** 3 + 1e-6)
      return weight + Math.max(0, slope) * (slope === 0 ? 0 : alpha)
    }, 0)
  },
}

/**
 * A class activation map, `[positions]`: channels weighed by Grad-CAM (Selvaraju et al. 2017, equation 1) or Grad-CAM++
 * (Chattopadhyay et al. 2018, equations 5 and 19), negative sums 0, then scaled to [0, 1] as pytorch-grad-cam has it. Where
 * nothing speaks for the class it is 0 everywhere.
 */
export function classActivationMap({ map, slopes, channels }: CamInputs, method: CamMethod): Float32Array {
  const positions = map.length / channels
  const column = (values: Float32Array, channel: number) =>
    Float64Array.from({ length: positions }, (_, at) => values[at * channels + channel] as number)
  const sums = new Float64Array(positions)
  for (let channel = 0; channel < channels; channel++) {
    const activations = column(map, channel)
    const weight = channelWeights[method](activations, column(slopes, channel))
    for (let at = 0; at < positions; at++) sums[at]! += weight * (activations[at] as number)
  }
  return scaled(sums.map((value) => Math.max(0, value)))
}

function scaled(values: Float64Array): Float32Array {
  const least = values.reduce((a, b) => Math.min(a, b))
  const largest = values.reduce((a, b) => Math.max(a, b)) - least
  return Float32Array.from(values, (value) => (value - least) / (largest + 1e-7))
}

const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0)

import type { TensorData } from '@convkit/graph'

/** The means of a value's channels over batches. */
export interface ChannelMeans {
  /** @param value `[n, channels, …]` */
  add(value: TensorData): void
  /** `[channels]` */
  means(): Float64Array
}

export function channelMeans(): ChannelMeans {
  let sums = new Float64Array()
  let count = 0
  return {
    add({ shape: [n = 1, channels = 1, ...rest], data }) {
      const area = rest.reduce((product, size) => product * size, 1)
      if (count === 0) sums = new Float64Array(channels)
      count += n * area
      for (let plane = 0, at = 0; plane < n * channels; plane++) {
        let sum = 0
        for (const end = at + area; at < end; at++) sum += data[at] as number
        sums[plane % channels] = (sums[plane % channels] as number) + sum
      }
    },
    means: () => sums.map((sum) => sum / count),
  }
}

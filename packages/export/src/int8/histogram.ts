import type { TensorData } from '@convkit/graph'

/** From which to which value, 0 among them, 8 bits reach. */
export interface Range {
  readonly low: number
  readonly high: number
}

/** How often values are where in a range. */
export interface Histogram extends Range {
  readonly counts: Float64Array
  add(data: TensorData['data']): void
}

const bins = 2048

export function histogram({ low, high }: Range): Histogram {
  const counts = new Float64Array(bins)
  const scale = high > low ? bins / (high - low) : 0
  return {
    low,
    high,
    counts,
    add(data) {
      for (let i = 0; i < data.length; i++) {
        const bin = Math.min(bins - 1, Math.floor(((data[i] as number) - low) * scale))
        counts[bin] = (counts[bin] as number) + 1
      }
    },
  }
}

/** Of the extremes, the shares that ranges are tried with. */
const shares = Array.from({ length: 64 }, (_, i) => 1 - i / 80)

/**
 * The range in which 256 steps lose least: coarser steps for all values against a cut for a few. By the mean of squared
 * errors, as a layer's sums feel them.
 */
export function rangeOf({ low, high, counts }: Histogram): Range {
  const width = (high - low) / bins
  const centre = (bin: number) => low + (bin + 0.5) * width
  const errorOf = (range: Range) => {
    const step = (range.high - range.low) / 255
    return counts.reduce((sum, count, bin) => {
      const value = centre(bin)
      const beyond = Math.max(range.low - value, value - range.high, 0)
      return sum + count * (beyond > 0 ? beyond ** 2 : step ** 2 / 12)
    }, 0)
  }
  const tried = shares.map((share) => ({ low: low * share, high: high * share }))
  const errors = tried.map(errorOf)
  return tried[errors.indexOf(Math.min(...errors))] ?? { low, high }
}

import { ConvkitError, type Metric } from '@convkit/core'
import { requireCount } from './require-option.js'

/**
 * Share of images whose label is among the k most probable classes, as `top1`, `top5`, …. Equal logits rank by
 * class, and NaN ranks first, so a broken network is not right by accident. With k classes or fewer it is always 1.
 *
 * @throws E_OPTION unless k is a whole number of at least 1.
 */
export function topK(k: number): Metric {
  requireCount('k', k)
  const name = `top${k}`
  return {
    name,
    higherIsBetter: true,
    create() {
      let counts: Counts = { correct: 0, images: 0 }
      return {
        update(logits, labels, count, classes) {
          let { correct } = counts
          for (let row = 0; row < count; row++) {
            if (rankOf(logits, row * classes, classes, labels[row] as number) < k) correct++
          }
          counts = { correct, images: counts.images + count }
        },
        result: () => counts.correct / counts.images,
        save: () => counts,
        load(state) {
          if (!isCounts(state)) {
            throw new ConvkitError(
              'E_RESUME',
              `${name}: the snapshot's sums must be { correct, images }, got ${JSON.stringify(state)}`,
            )
          }
          counts = { correct: state.correct, images: state.images }
        },
      }
    },
  }
}

interface Counts {
  readonly correct: number
  readonly images: number
}

function isCounts(state: unknown): state is Counts {
  if (typeof state !== 'object' || state === null) return false
  const { correct, images } = state as Partial<Record<keyof Counts, unknown>>
  return Number.isInteger(correct) && Number.isInteger(images)
}

/** How many classes come before the label in the row that begins at `start`. */
function rankOf(logits: Float32Array, start: number, classes: number, label: number): number {
  const own = logits[start + label] as number
  let rank = 0
  for (let other = 0; other < classes; other++) {
    const value = logits[start + other] as number
    const after = value < own || (value === own && other > label)
    if (other !== label && !after) rank++
  }
  return rank
}

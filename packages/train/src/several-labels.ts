import { ConvkitError, type Metric } from '@convkit/core'
import { requireTargets } from './require-targets.js'

/** Share of images whose predicted labels, those of a probability above ½, are exactly their own: `subsetAccuracy`. */
export function subsetAccuracy(): Metric {
  return countingMetric('subsetAccuracy', (logits, targets) => {
    const isRight = logits.every((logit, k) => logit > 0 === (targets[k] === 1))
    return [Number(isRight), 1]
  })
}

/**
 * F1 of all labels of all images together, predicted where the probability is above ½: `microF1`, as scikit-learn's
 * `f1_score` with `average='micro'`; 0 where no label is there and none was predicted.
 */
export function microF1(): Metric {
  return countingMetric('microF1', (logits, targets) => {
    let correct = 0
    let both = 0
    logits.forEach((logit, k) => {
      const [isShown, isPredicted] = [targets[k] === 1, logit > 0]
      correct += Number(isShown && isPredicted)
      both += Number(isShown) + Number(isPredicted)
    })
    return [2 * correct, both]
  })
}

type Row = (logits: Float32Array, targets: Float32Array) => readonly [part: number, whole: number]

/** A ratio of two sums over images. */
function countingMetric(name: string, rowOf: Row): Metric {
  return {
    name,
    higherIsBetter: true,
    forSeveralLabels: true,
    create() {
      let [images, part, whole] = [0, 0, 0]
      return {
        update(logits, _labels, count, classes, targets) {
          const shown = requireTargets(name, targets)
          for (let from = 0; from < count * classes; from += classes) {
            const [inPart, inWhole] = rowOf(
              logits.subarray(from, from + classes),
              shown.subarray(from, from + classes),
            )
            part += inPart
            whole += inWhole
          }
          images += count
        },
        result: () => (images === 0 ? Number.NaN : whole === 0 ? 0 : part / whole),
        save: () => [images, part, whole],
        load(state) {
          if (!isSums(state)) {
            throw new ConvkitError(
              'E_RESUME',
              `${name}: the snapshot's sums must be three whole numbers, got ${JSON.stringify(state)}`,
            )
          }
          ;[images, part, whole] = state
        },
      }
    },
  }
}

function isSums(state: unknown): state is [number, number, number] {
  return Array.isArray(state) && state.length === 3 && state.every(Number.isInteger)
}

import { ConvkitError, type Metric } from '@convkit/core'
import { requireTargets } from './require-targets.js'

/**
 * The mean over classes of the area under precision and recall, as `meanAveragePrecision`: how well images that show a class
 * are ranked above others, whatever the threshold. As scikit-learn's `average_precision_score` has it, over the classes that
 * any image shows. It keeps every logit, and sorts them when it is asked: made for evaluation.
 */
export function meanAveragePrecision(): Metric {
  const name = 'meanAveragePrecision'
  return {
    name,
    higherIsBetter: true,
    forSeveralLabels: true,
    create() {
      let rows: Rows = { logits: [], targets: [] }
      return {
        update(logits, _labels, count, classes, targets) {
          const shown = requireTargets(name, targets)
          for (let row = 0; row < count; row++) {
            rows.logits.push(Float32Array.from(logits.subarray(row * classes, (row + 1) * classes)))
            rows.targets.push(Float32Array.from(shown.subarray(row * classes, (row + 1) * classes)))
          }
        },
        result: () => meanOverClasses(rows),
        save: () => ({
          logits: rows.logits.map((row) => [...row]),
          targets: rows.targets.map((row) => [...row]),
        }),
        load(state) {
          if (!isSaved(state)) {
            throw new ConvkitError(
              'E_RESUME',
              `${name}: the snapshot must have logits and targets of each image, got ${JSON.stringify(state)}`,
            )
          }
          const read = (list: readonly (readonly number[])[]) => list.map((row) => Float32Array.from(row))
          rows = { logits: read(state.logits), targets: read(state.targets) }
        },
      }
    },
  }
}

/** A row an image, a value a class. */
interface Rows {
  readonly logits: Float32Array[]
  readonly targets: Float32Array[]
}

function meanOverClasses({ logits, targets }: Rows): number {
  if (logits.length === 0) return Number.NaN
  const classes = targets[0]?.length ?? 0
  const precisions = Array.from({ length: classes }, (_, k) =>
    averagePrecision(
      logits.map((row) => row[k] as number),
      targets.map((row) => row[k] === 1),
    ),
  ).filter((precision) => !Number.isNaN(precision))
  return precisions.length === 0 ? 0 : precisions.reduce((sum, value) => sum + value, 0) / precisions.length
}

/** The sum of precisions at each threshold, by how much of the recall it adds; NaN where nothing is to be found. */
function averagePrecision(scores: readonly number[], isShown: readonly boolean[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => (scores[b] as number) - (scores[a] as number))
  const shown = isShown.filter(Boolean).length
  let [found, area] = [0, 0]
  for (let seen = 0; seen < order.length; ) {
    const score = scores[order[seen] as number]
    const before = found
    // Equal scores are one threshold.
    do found += Number(isShown[order[seen++] as number])
    while (seen < order.length && scores[order[seen] as number] === score)
    area += ((found - before) / shown) * (found / seen)
  }
  return area
}

function isSaved(state: unknown): state is { logits: number[][]; targets: number[][] } {
  if (typeof state !== 'object' || state === null) return false
  const { logits, targets } = state as Partial<Record<keyof Rows, unknown>>
  return Array.isArray(logits) && Array.isArray(targets) && logits.length === targets.length
}

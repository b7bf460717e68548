import type { FeatureScore, StageMeasures } from './measure-stages.js'
import { lastFeatures } from './stage-features.js'

/** Whether features are those that the network's own classifier sees. */
export const isLast = ({ stages }: FeatureScore): boolean => stages[0] === lastFeatures

/** The best of single stages, and of the network's own features, by the share of images labelled rightly. */
export function bestStage({ scores }: StageMeasures): FeatureScore {
  return singles(scores).reduce((best, each) => (each.top1 > best.top1 ? each : best))
}

/** The name of the network's last stage; undefined where it names none. */
export function lastStage({ scores }: StageMeasures): string | undefined {
  return singles(scores).findLast((score) => !isLast(score))?.stages[0]
}

/**
 * Whether a task is similar to the one that the network has learnt: no single stage tells classes apart better than the last
 * features by more than a standard error.
 */
export function isAlike(measures: StageMeasures): boolean {
  const { top1 } = bestStage(measures)
  const error = Math.sqrt((top1 * (1 - top1)) / measures.features.labels.length)
  return measures.scores.some((score) => isLast(score) && score.top1 >= top1 - error)
}

const singles = (scores: readonly FeatureScore[]) => scores.filter(({ stages }) => stages.length === 1)

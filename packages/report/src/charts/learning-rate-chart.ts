import type { RateTest } from '../report-data.js'
import { rateCurve } from './curves.js'

/** A learning-rate range test as an SVG picture of its own, the suggested rate marked. */
export function learningRateChart(test: RateTest): string {
  return rateCurve('Learning-rate test', test).html
}

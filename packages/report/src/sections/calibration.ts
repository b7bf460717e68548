import { calibration } from '../calibration.js'
import { confidenceChart, reliabilityChart } from '../charts/reliability.js'
import { type Html, html } from '../html.js'
import type { ReportData } from '../report-data.js'
import { card, percent, section } from './section.js'

/** How far probabilities are what they say. */
export function calibrationSection({ validation }: ReportData): Html | undefined {
  if (!validation || validation.answers.length === 0) return undefined
  const measured = calibration(validation.answers)
  const { confidence, accuracy } = means(validation.answers)
  const verdict = confidence > accuracy ? 'is surer than it is right' : 'is right more often than it is sure'
  return section(
    'calibration',
    'Calibration',
    `Expected calibration error ${percent(measured.error)}: on average the network ${verdict} (confidence ${percent(confidence)}, accuracy ${percent(accuracy)}). Bars on the dashed line would be probabilities to rely on.`,
    html`<div class="cards">${card('Accuracy by confidence', reliabilityChart(measured))}${card('Images by confidence', confidenceChart(measured))}</div>`,
  )
}

function means(answers: readonly { readonly probability: number; readonly isCorrect: boolean }[]) {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    confidence: sum(answers.map(({ probability }) => probability)) / answers.length,
    accuracy: sum(answers.map(({ isCorrect }) => Number(isCorrect))) / answers.length,
  }
}

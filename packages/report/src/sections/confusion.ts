import { confusionChart, confusionLimit } from '../charts/confusion.js'
import { confusedPairs } from '../confused-pairs.js'
import { type Html, html } from '../html.js'
import type { ReportData } from '../report-data.js'
import { card, percent, section } from './section.js'

/** The confusion matrix, where it can be read, and the pairs that are confused most. */
export function confusionSection({ validation }: ReportData): Html | undefined {
  if (!validation || validation.confusion.length === 0) return undefined
  const pairs = confusedPairs(validation, 12)
  const matrix =
    validation.classes.length <= confusionLimit
      ? [html`<div class="matrix">${card('Confusion matrix', confusionChart(validation))}</div>`]
      : []
  const rows = pairs.map(
    ({ label, predicted, images, share }) =>
      html`<tr><td>${label}</td><td class="arrow">→</td><td>${predicted}</td><td class="number">${images}</td><td class="number">${percent(share)}</td></tr>`,
  )
  const table =
    rows.length === 0
      ? html`<p class="empty">No image was taken for another class.</p>`
      : html`<table><thead><tr><th>label</th><th></th><th>taken for</th><th class="number">images</th><th class="number">of the class</th></tr></thead><tbody>${rows}</tbody></table>`
  return section(
    'confusion',
    'What is confused',
    'A row for each class, a column for each prediction; the colour is the share of the row. What is off the diagonal is wrong.',
    html`<div class="beside">${matrix}${card('Most confused', table)}</div>`,
  )
}

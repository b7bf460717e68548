import { type Html, html } from '../html.js'
import type { ReportData } from '../report-data.js'
import { percent, section } from './section.js'

/** Precision, recall and F1 of each class, the weakest first. */
export function perClassSection({ validation }: ReportData): Html | undefined {
  if (!validation) return undefined
  const rows = [...validation.perClass]
    .sort((a, b) => a.f1 - b.f1)
    .map(
      ({ label, precision, recall, f1, images }) =>
        html`<tr><td>${label}</td>${[precision, recall, f1].map(barCell)}<td class="number">${images}</td></tr>`,
    )
  return section(
    'classes',
    'Classes',
    'Precision: of the images taken for the class, the share that is of it. Recall: of its images, the share that was found. F1 is their harmonic mean; the weakest class comes first.',
    html`<div class="scroll card"><table class="wide"><thead><tr><th>class</th><th>precision</th><th>recall</th><th>F1</th><th class="number">images</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  )
}

function barCell(value: number): Html {
  const width = Math.round(100 * value)
  return html`<td class="bar"><span class="track"><span class="fill" style="width:${width}%"></span></span><span class="number">${percent(value)}</span></td>`
}

import { type Html, html } from '../html.js'
import type { ReportData } from '../report-data.js'

/** The name of the run, its most important numbers, and what was warned of. */
export function head({ title, subtitle, figures, warnings = [] }: ReportData): Html {
  const tiles = figures.map(
    ({ label, value, note }) =>
      html`<div class="tile"><span>${label}</span><strong>${value}</strong>${note === undefined ? undefined : html`<small>${note}</small>`}</div>`,
  )
  const list = warnings.map((warning) => html`<li>${warning}</li>`)
  return html`<header><h1>${title}</h1><p>${subtitle}</p><div class="tiles">${tiles}</div>${warnings.length > 0 ? html`<ul class="warnings">${list}</ul>` : undefined}</header>`
}

/** Tables that are looked into now and then. */
export function recordsSection({ records = [] }: ReportData): Html | undefined {
  if (records.length === 0) return undefined
  const tables = records.map(({ title, values }) => {
    const rows = Object.entries(values).map(
      ([name, value]) => html`<tr><th>${name}</th><td>${value}</td></tr>`,
    )
    return html`<details class="card"><summary>${title}</summary><table class="record"><tbody>${rows}</tbody></table></details>`
  })
  return html`<section id="records">${tables}</section>`
}

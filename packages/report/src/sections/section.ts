import { type Html, html } from '../html.js'

/** A part of the report under a heading, with a sentence on how to read it. */
export function section(id: string, title: string, text: string, content: Html): Html {
  return html`<section id="${id}"><h2>${title}</h2><p class="hint">${text}</p>${content}</section>`
}

/** A chart in a frame with its name. */
export function card(title: string, content: Html): Html {
  return html`<figure class="card"><figcaption>${title}</figcaption>${content}</figure>`
}

/** `93.9 %` */
export function percent(value: number, digits = 1): string {
  return Number.isFinite(value) ? `${(100 * value).toFixed(digits)} %` : '–'
}

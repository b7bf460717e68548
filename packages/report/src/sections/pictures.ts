import { type Html, html } from '../html.js'
import { overlay } from '../overlay.js'
import type { ReportData, WorstImage } from '../report-data.js'
import { dataUri } from '../thumbnail.js'
import { percent, section } from './section.js'

const thumbnailSide = 220
const sheetSide = 1100

/** The images that the model was most wrong about. */
export async function worstSection({ worst = [] }: ReportData): Promise<Html | undefined> {
  if (worst.length === 0) return undefined
  const images = await Promise.all(worst.map(thumbnail))
  return section(
    'worst',
    'Largest losses',
    'The validation images that the network was most wrong about, or right with the least confidence: wrong labels are often among them. Colours show where it sees the class that it predicts (Grad-CAM).',
    html`<div class="thumbnails">${images}</div>`,
  )
}

async function thumbnail(image: WorstImage): Promise<Html> {
  const { picture, attention, path, label, predicted, probability, loss } = image
  const isWrong = label !== predicted
  const seen = attention
    ? html`<img src="${await dataUri(await overlay(picture, attention), thumbnailSide)}" alt="where ${predicted} is seen">`
    : undefined
  return html`<figure class="thumbnail"><div class="views"><img src="${await dataUri(picture, thumbnailSide)}" alt="${path}" title="${path}">${seen}</div><figcaption><b>${label}</b><span class="${isWrong ? 'wrong' : 'right'}">${isWrong ? '→ ' : ''}${predicted} ${percent(probability, 0)}</span><small>loss ${loss.toFixed(2)}</small></figcaption></figure>`
}

/** Training images as the network sees them. */
export async function samplesSection({ samples }: ReportData): Promise<Html | undefined> {
  if (!samples) return undefined
  const { picture, caption } = samples
  return section(
    'samples',
    'Training images',
    caption,
    html`<div class="card sheet"><img src="${await dataUri(picture, sheetSide, 85)}" alt="Training images"></div>`,
  )
}

import { epochCurves, rateCurve, stepCurve } from '../charts/curves.js'
import { theme } from '../charts/theme.js'
import { type Html, html } from '../html.js'
import type { ReportData } from '../report-data.js'
import { card, section } from './section.js'

/** Names of values that are not drawn as curves of their own. */
const aside: ReadonlySet<string> = new Set(['lr', 'imagesPerSecond', 'seconds', 'batchLoss'])

/** Curves of the training: the loss and each metric by epoch, loss and learning rate by step. */
export function trainingSection({ history, best, rates, steps = [] }: ReportData): Html | undefined {
  if (history.length === 0) return undefined
  const keys = [
    ...new Set(history.flatMap((logs) => Object.keys(logs)).map((key) => key.replace(/^val_/, ''))),
  ]
  const curves = keys
    .filter((key) => !aside.has(key))
    .map((key) => card(nameOf(key), epochCurves(nameOf(key), key, history, best)))
  const single =
    steps.length > 1
      ? [
          card('Loss of each step', stepCurve('Loss of each step', 'loss', steps, theme.train)),
          card('Learning rate', stepCurve('Learning rate', 'lr', steps, theme.accent)),
        ]
      : []
  const test = rates ? [card('Learning-rate test', rateCurve('Learning-rate test', rates))] : []
  return section(
    'training',
    'Training',
    'The network learns while both lines get better; where validation gets worse and training does not, it learns by heart.',
    html`<div class="cards">${curves}${single}${test}</div>`,
  )
}

const nameOf = (key: string) => (key === 'loss' ? 'Loss' : key.replace(/^top(\d+)$/, 'Top-$1 accuracy'))

import { type Html, html, trusted } from './html.js'
import type { ReportData } from './report-data.js'
import { calibrationSection } from './sections/calibration.js'
import { confusionSection } from './sections/confusion.js'
import { head, recordsSection } from './sections/head.js'
import { perClassSection } from './sections/per-class.js'
import { samplesSection, worstSection } from './sections/pictures.js'
import { trainingSection } from './sections/training.js'
import { style } from './style.js'

/**
 * The report of a training as one HTML page, which needs no network and no script: charts are SVG, pictures are in the
 * page itself. The same data give the same page.
 */
export async function renderReport(data: ReportData): Promise<string> {
  const sections = [
    trainingSection(data),
    confusionSection(data),
    perClassSection(data),
    calibrationSection(data),
    await worstSection(data),
    await samplesSection(data),
    recordsSection(data),
  ].filter((part) => part !== undefined)
  return page(data.title, html`${head(data)}${sections}`).html
}

function page(title: string, content: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body><main>${content}<footer>Written by convkit.</footer></main></body>
</html>
`
}

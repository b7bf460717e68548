import { theme } from './charts/theme.js'

/** The look of the page; it asks for nothing from elsewhere. */
export const style = `
:root { color-scheme: light }
* { box-sizing: border-box }
body { margin: 0; background: #f8fafc; color: ${theme.ink}; font: 15px/1.5 ${theme.font} }
main { max-width: 1160px; margin: 0 auto; padding: 0 24px 64px }
header { padding: 48px 0 8px }
h1 { margin: 0; font-size: 30px; line-height: 1.2; letter-spacing: -.02em; overflow-wrap: anywhere }
header > p { margin: 6px 0 24px; color: ${theme.soft} }
h2 { margin: 48px 0 4px; font-size: 20px; letter-spacing: -.01em }
.hint { margin: 0 0 16px; color: ${theme.soft}; max-width: 76ch }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px }
.tile, .card { background: #fff; border: 1px solid ${theme.line}; border-radius: 12px; box-shadow: 0 1px 2px rgb(15 23 42 / 4%) }
.tile { padding: 14px 18px; display: flex; flex-direction: column }
.tile span, .tile small { color: ${theme.soft}; font-size: 13px }
.tile strong { font-size: 26px; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums }
.warnings { margin: 16px 0 0; padding: 12px 16px 12px 34px; background: #fffbeb; border: 1px solid #fde68a; border-radius: 12px }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 16px }
.card { margin: 0; padding: 16px 18px; min-width: 0 }
.card > figcaption { font-weight: 600; margin-bottom: 8px }
.card svg { display: block; width: 100%; height: auto; margin: 0 auto }
.beside { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start }
.beside > * { flex: 1 1 340px }
.matrix { flex: 2 1 480px; display: flex }
.matrix .card { flex: 1 }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th { text-align: left; font-weight: 500; color: ${theme.soft}; font-size: 13px }
th, td { padding: 6px 10px 6px 0; border-bottom: 1px solid ${theme.line}; vertical-align: middle }
tr:last-child td, tbody tr:last-child th { border-bottom: 0 }
th.number, td.number { text-align: right; padding-right: 0 }
.arrow { color: ${theme.bad}; padding-right: 8px }
.scroll { max-height: 620px; overflow: auto }
.bar { width: 24% }
.bar .track { display: inline-block; width: calc(100% - 72px); height: 8px; border-radius: 4px; background: ${theme.line}; overflow: hidden; vertical-align: middle }
.bar .fill { display: block; height: 100%; border-radius: 4px; background: ${theme.validation} }
.bar .number { display: inline-block; width: 64px; text-align: right }
.thumbnails { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 14px }
.thumbnail { margin: 0; background: #fff; border: 1px solid ${theme.line}; border-radius: 12px; overflow: hidden }
.views { display: flex }
.views img { min-width: 0; flex: 1 }
.thumbnail img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; background: ${theme.line} }
.thumbnail figcaption { padding: 8px 12px 10px; display: flex; flex-direction: column; line-height: 1.35 }
.thumbnail small { color: ${theme.soft} }
.wrong { color: ${theme.bad} }
.right { color: ${theme.good} }
.sheet img { display: block; width: 100%; height: auto; border-radius: 6px; image-rendering: auto }
.empty { color: ${theme.soft}; margin: 0 }
#records { margin-top: 48px; display: grid; gap: 12px }
summary { cursor: pointer; font-weight: 600 }
.record { margin-top: 12px }
.record th { width: 220px; vertical-align: top }
.record td { overflow-wrap: anywhere }
footer { margin-top: 40px; color: ${theme.soft}; font-size: 13px }
@media (max-width: 520px) { .card { padding: 14px 12px } th, td { padding-right: 6px } .bar .track { display: none } .bar .number { width: auto; text-align: left } }
@media print { body { background: #fff } .tile, .card { break-inside: avoid; box-shadow: none } .scroll { max-height: none } }
`

// Trains a small network on handwritten digits, measures it, and reads three digits that it has not seen: with the same
// commands that `npx convkit` has. Run it by: npm run demo

import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { processHost, run } from '@convkit/cli'
import { writeDigits } from './digits.mjs'
import { drawSideBySide } from './draw.mjs'

const cache = relative('.', fileURLToPath(new URL('../../node_modules/.cache/convkit-demo', import.meta.url)))
const digits = join(cache, 'digits')
const runs = join(cache, 'runs')
const heldOut = ['3/0005.png', '5/0011.png', '8/0017.png'].map((name) => join(digits, 'validation', name))

await writeDigits(digits)
await rm(runs, { recursive: true, force: true })
const recipe = ['--epochs', '8', '--batch-size', '64', '--lr', '0.003', '--label-smoothing', '0.1']
await convkit('train', digits, '--model', 'lenet5_modern', ...recipe, '--out', runs)
await convkit('evaluate', join(runs, 'train-1'), digits)
console.log(`\n${await drawSideBySide(heldOut)}`)
await convkit('predict', join(runs, 'train-1'), ...heldOut, '--top', '3')

async function convkit(...argv) {
  console.log(`\n$ convkit ${argv.join(' ')}`)
  const code = await run(argv, processHost())
  if (code !== 0) process.exit(code)
}

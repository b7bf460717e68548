// Compiles packages/core/assembly/pixels.ts to WebAssembly, which packages/core/src/pixel-kernels.wasm.ts holds as text:
// so it runs where no file can be read. `--check` only compares.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const target = fileURLToPath(new URL('../packages/core/src/pixel-kernels.wasm.ts', import.meta.url))
const text = `// Written by tools/kernels.mjs from assembly/pixels.ts.

/** The module in base64. */
export const pixelKernelsWasm =
  '${(await compile('pixels.ts')).toString('base64')}'
`

if (!process.argv.includes('--check')) {
  writeFileSync(target, text)
} else if (readFileSync(target, 'utf8') !== text) {
  console.error(`${target} is not up to date: run node tools/kernels.mjs`)
  process.exit(1)
}

async function compile(name) {
  let binary
  const baseDir = fileURLToPath(new URL('../packages/core/assembly', import.meta.url))
  const options = '--runtime stub --enable simd --optimizeLevel 3 --noAssert --converge --outFile out.wasm'
  const { error, stderr } = await asc.main([name, '--baseDir', baseDir, ...options.split(' ')], {
    writeFile(file, contents) {
      if (file === 'out.wasm') binary = Buffer.from(contents)
    },
  })
  if (error) throw new Error(`${error.message}\n${stderr}`)
  return binary
}

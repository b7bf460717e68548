// Compiles loops over pixels and the JPEG decoder from AssemblyScript to WebAssembly, which the packages hold as text: so
// they run where no file can be read. `--check` only compares.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const modules = [
  { source: 'packages/core/assembly/pixels.ts', target: 'packages/core/src/pixel-kernels.wasm.ts' },
  { source: 'packages/data/assembly/jpeg.ts', target: 'packages/data/src/jpeg/jpeg.wasm.ts' },
]
const root = fileURLToPath(new URL('..', import.meta.url))
const nameOf = { 'pixel-kernels.wasm.ts': 'pixelKernelsWasm', 'jpeg.wasm.ts': 'jpegWasm' }

for (const { source, target } of modules) {
  const [folder, file] = [source.slice(0, source.lastIndexOf('/')), source.slice(source.lastIndexOf('/') + 1)]
  const text = `// Written by tools/kernels.mjs from assembly/${file}.

/** The module in base64. */
export const ${nameOf[target.slice(target.lastIndexOf('/') + 1)]} =
  '${(await compile(root + folder, file)).toString('base64')}'
`
  if (!process.argv.includes('--check')) {
    writeFileSync(root + target, text)
  } else if (readFileSync(root + target, 'utf8') !== text) {
    console.error(`${target} is not up to date: run node tools/kernels.mjs`)
    process.exitCode = 1
  }
}

async function compile(baseDir, name) {
  let binary
  const options = '--runtime stub --enable simd --optimizeLevel 3 --noAssert --converge --outFile out.wasm'
  const { error, stderr } = await asc.main([name, '--baseDir', baseDir, ...options.split(' ')], {
    writeFile(file, contents) {
      if (file === 'out.wasm') binary = Buffer.from(contents)
    },
  })
  if (error) throw new Error(`${error.message}\n${stderr}`)
  return binary
}

// Compiles loops over pixels and the JPEG decoder from AssemblyScript to WebAssembly, which the packages hold as text: so
// they run where no file can be read. `--check` only compares.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const modules = [
  {
    name: 'pixelKernelsWasm',
    folder: 'packages/core/assembly',
    source: 'pixels.ts',
    target: 'packages/core/src/pixel-kernels.wasm.ts',
  },
  {
    name: 'jpegWasm',
    folder: 'packages/data/assembly',
    source: 'jpeg.ts',
    target: 'packages/data/src/jpeg/jpeg.wasm.ts',
  },
]
const local = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

for (const { name, folder, source, target } of modules) {
  const text = `// Written by tools/kernels.mjs from assembly/${source}.

/** The module in base64. */
export const ${name} =
  '${(await compile(local(folder), source)).toString('base64')}'
`
  if (!process.argv.includes('--check')) {
    writeFileSync(local(target), text)
  } else if (readFileSync(local(target), 'utf8') !== text) {
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

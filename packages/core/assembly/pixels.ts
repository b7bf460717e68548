// Loops over pixels that JavaScript runs ten times slower, in AssemblyScript: `node tools/kernels.mjs` compiles them to
// src/pixel-kernels.wasm.ts. Addresses are bytes of the module's memory, which its caller lays out. Loops that take 16
// bytes at a time read and write up to 15 bytes beyond the end of their data.

/** Where the caller's part of memory begins. */
export const base: usize = (__heap_base + 15) & ~15

export { blendLevel, blendLuma, sumLuma } from './blend'
export { turnHue } from './hue'
export { mirrorRows } from './mirror'
export { resampleColumns, resampleRows } from './resample'

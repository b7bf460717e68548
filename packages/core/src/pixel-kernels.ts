import { pixelKernelsWasm } from './pixel-kernels.wasm.js'

/** What is used of it: Node's own types do not have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

/** What `assembly/pixels.ts` exports; addresses are bytes of `memory`. */
interface PixelKernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readonly base: { readonly value: number }
  resampleRows(
    source: number,
    stride: number,
    rows: number,
    channels: number,
    target: number,
    width: number,
    spans: number,
    weights: number,
    taps: number,
  ): void
  resampleColumns(
    source: number,
    stride: number,
    target: number,
    height: number,
    spans: number,
    weights: number,
    taps: number,
  ): void
  sumLuma(source: number, pixels: number): number
  blendLevel(level: number, data: number, length: number, factor: number): void
  blendLuma(data: number, pixels: number, factor: number): void
  mirrorRows(source: number, rows: number, width: number, target: number): void
  turnHue(data: number, pixels: number, shift: number): void
}

const pageSize = 65_536
/** How far kernels reach beyond the end of their data. */
const margin = 16

let kernels: PixelKernels | undefined

/** Compiled at the first use. */
function load(): PixelKernels {
  if (kernels) return kernels
  const bytes = Uint8Array.from(atob(pixelKernelsWasm), (character) => character.charCodeAt(0))
  kernels = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as PixelKernels
  return kernels
}

/**
 * The kernels with memory for blocks of these sizes in bytes: the address of each, a multiple of 4. All calls share the
 * memory, so a caller copies its result before anyone else computes.
 */
export function kernelsFor<const Sizes extends readonly number[]>(sizes: Sizes) {
  const loaded = load()
  const { memory, base } = loaded
  let end = base.value
  const addresses = sizes.map((size) => {
    const address = end
    end = (address + size + margin + 3) & ~3
    return address
  }) as { [K in keyof Sizes]: number }
  const missing = Math.ceil((end - memory.buffer.byteLength) / pageSize)
  if (missing > 0) memory.grow(missing)
  return { ...loaded, addresses, bytes: new Uint8Array(memory.buffer), words: new Int32Array(memory.buffer) }
}

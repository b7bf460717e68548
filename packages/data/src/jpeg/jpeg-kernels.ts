import { jpegWasm } from './jpeg.wasm.js'

/** What is used of it: Node's own types do not have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
  readonly RuntimeError: new () => Error
}

/** What `assembly/jpeg.ts` exports; addresses are bytes of `memory`. */
export interface JpegKernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readonly base: { readonly value: number }
  readonly components: { readonly value: number }
  makeTable(slot: number, source: number): number
  decodeScan(
    source: number,
    last: number,
    buffer: number,
    count: number,
    unitsAcross: number,
    restartInterval: number,
    firstRow: number,
    endRow: number,
    firstColumn: number,
    endColumn: number,
  ): number
  upsample(near: number, far: number, count: number, isHalfHeight: number, sums: number, target: number): void
  toRgb(y: number, cb: number, cr: number, count: number, target: number): void
}

const pageSize = 65_536
/** How far kernels reach beyond the end of their data. */
export const margin = 64

let kernels: JpegKernels | undefined

/** The kernels, compiled at the first use. */
export function jpegKernels(): JpegKernels {
  kernels ??= new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(jpegWasm, 'base64')))
    .exports as JpegKernels
  return kernels
}

/** Whether damaged data led out of the kernels' memory. */
export const isOutOfBounds = (error: unknown): boolean => error instanceof WebAssembly.RuntimeError

/** The Huffman tables that the kernels have: most photos have those of the one before. */
const made: (Uint8Array | undefined)[] = []

/** Makes table `slot` of `codes`, written to `place` for it; false when they are no table. */
export function makeTable(slot: number, codes: Uint8Array, place: number): boolean {
  const { memory, makeTable } = jpegKernels()
  const last = made[slot]
  if (last && Buffer.compare(last, codes) === 0) return true
  made[slot] = undefined
  new Uint8Array(memory.buffer).set(codes, place)
  if (!makeTable(slot, place)) return false
  made[slot] = codes.slice()
  return true
}

/** Memory for one image after the other: nothing is kept in between. */
export function arena() {
  const { memory, base } = jpegKernels()
  let end = base.value
  return {
    /** The address of so many bytes. */
    take(bytes: number): number {
      const address = end
      end = (address + bytes + margin + 15) & ~15
      return address
    },
    /** Makes room for all that was taken. */
    grow(): void {
      const missing = Math.ceil((end - memory.buffer.byteLength) / pageSize)
      if (missing > 0) memory.grow(missing)
    },
  }
}

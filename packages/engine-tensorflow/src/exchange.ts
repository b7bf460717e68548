import { mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Shape, TensorData } from '@convkit/graph'

// Values cross between two processes through a file that both have open, which the system keeps in memory: one writes,
// and tells the other where.

/** A tensor of a type that tfjs-node takes and gives. */
export type ExchangedTensor =
  | Extract<TensorData, { dtype: 'float32' | 'int32' }>
  | { readonly dtype: 'bool'; readonly shape: Shape; readonly data: Uint8Array }

/** Where a tensor is in the file, row-major. */
export interface Slot {
  readonly name: string
  readonly dtype: ExchangedTensor['dtype']
  readonly shape: Shape
  /** In bytes. */
  readonly offset: number
  readonly length: number
}

/** Opens a file that has no name any more: it is gone when the last process that has it open ends, however it ends. */
export function openExchange(): number {
  const folder = mkdtempSync(join(tmpdir(), 'convkit-tensorflow-'))
  try {
    return openSync(join(folder, 'exchange'), 'w+')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes tensors from the beginning of the file on. */
export function put(file: number, tensors: Iterable<readonly [string, ExchangedTensor]>): Slot[] {
  let offset = 0
  return [...tensors].map(([name, { dtype, shape, data }]) => {
    const { buffer, byteOffset, byteLength } = data
    writeAll(file, new Uint8Array(buffer, byteOffset, byteLength), offset)
    const slot = { name, dtype, shape, offset, length: byteLength }
    offset += byteLength
    return slot
  })
}

/** Reads a tensor to memory of its own. */
export function take(file: number, { dtype, shape, offset, length }: Slot): ExchangedTensor {
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length; ) {
    const count = readSync(file, bytes, done, length - done, offset + done)
    if (count === 0) throw new Error(`The exchange file ends ${length - done} bytes early`)
    done += count
  }
  if (dtype === 'float32') return { dtype, shape, data: new Float32Array(bytes.buffer) }
  if (dtype === 'int32') return { dtype, shape, data: new Int32Array(bytes.buffer) }
  return { dtype, shape, data: bytes }
}

function writeAll(file: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, offset + done)
  }
}

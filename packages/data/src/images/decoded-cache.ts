import { closeSync, openSync, read, rmSync, write } from 'node:fs'
import { mkdtemp, statfs } from 'node:fs/promises'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Pixels } from '@convkit/core'

/** Decoded images, kept until the process ends. What was taken once is never given up for something else. */
export interface DecodedCache {
  get(key: string): Pixels | undefined | Promise<Pixels | undefined>
  /** Whether there is room for so many bytes. */
  takes(bytes: number): boolean
  put(key: string, pixels: Pixels): void | Promise<void>
}

/** Where decoded images are kept: bytes of memory, and bytes of a file once the memory is full. */
export interface DecodedCacheOptions {
  /** A quarter of the free memory by default. */
  readonly memoryBytes?: number
  /** None by default; at most half of what is free. */
  readonly diskBytes?: number
  /** Where the file is made, which goes with the process; the system's folder for temporary files by default. */
  readonly folder?: string
}

/** `auto` keeps what a quarter of the free memory holds. */
export type DecodedCacheChoice = 'auto' | 'off' | DecodedCacheOptions

/** A cache that holds nothing yet; undefined for `off`. */
export function decodedCache(choice: DecodedCacheChoice = 'auto'): DecodedCache | undefined {
  if (choice === 'off') return undefined
  const { memoryBytes = availableMemory() / 4, diskBytes = 0, folder } = choice === 'auto' ? {} : choice
  const memory = memoryCache(memoryBytes)
  if (diskBytes === 0) return memory
  const disk = diskCache(diskBytes, folder)
  return {
    get: (key) => memory.get(key) ?? disk.get(key),
    takes: (bytes) => memory.takes(bytes) || disk.takes(bytes),
    put: (key, pixels) => (memory.takes(pixels.data.length) ? memory : disk).put(key, pixels),
  }
}

/** What this process may still take, by its container's limit where it has one. */
export const availableMemory = (): number => process.availableMemory?.() ?? freemem()

function memoryCache(limit: number): DecodedCache {
  const images = new Map<string, Pixels>()
  let used = 0
  const takes = (bytes: number) => used + bytes <= limit
  return {
    get: (key) => images.get(key),
    takes,
    put(key, pixels) {
      // Decoded twice at the same time, or larger than was thought
      if (images.has(key) || !takes(pixels.data.length)) return
      images.set(key, pixels)
      used += pixels.data.length
    },
  }
}

/** One file with an image after the other. */
function diskCache(limit: number, folder = tmpdir()): DecodedCache {
  const places = new Map<string, Omit<Pixels, 'data'> & { readonly at: number }>()
  let file: ReturnType<typeof temporaryFile> | undefined
  let used = 0
  let room = limit
  const takes = (bytes: number) => used + bytes <= room
  return {
    async get(key) {
      const place = places.get(key)
      if (!place || !file) return undefined
      const { at, ...extent } = place
      const data = Buffer.allocUnsafe(extent.height * extent.width * extent.channels)
      const { bytesRead } = await promisify(read)((await file).descriptor, data, 0, data.length, at)
      return bytesRead === data.length ? { ...extent, data } : undefined
    },
    takes,
    async put(key, { data, ...extent }) {
      file ??= temporaryFile(folder)
      const { descriptor, free } = await file
      room = Math.min(room, free / 2)
      if (places.has(key) || !takes(data.length)) return
      const at = used
      used += data.length
      try {
        await promisify(write)(descriptor, data, 0, data.length, at)
        places.set(key, { ...extent, at })
      } catch {
        // The disk is full after all.
        room = 0
      }
    },
  }
}

/** A file that goes with the process: at once out of its folder, except on Windows. */
async function temporaryFile(parent: string) {
  const folder = await mkdtemp(join(parent, 'convkit-decoded-'))
  const descriptor = openSync(join(folder, 'images'), 'wx+')
  const { bavail, bsize } = await statfs(folder)
  const remove = () => rmSync(folder, { recursive: true, force: true })
  if (process.platform === 'win32') {
    process.once('exit', () => {
      closeSync(descriptor)
      remove()
    })
  } else remove()
  return { descriptor, free: bavail * bsize }
}

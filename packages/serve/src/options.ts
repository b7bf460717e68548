import { ConvkitError } from '@convkit/core'

/** How a server behaves; see {@link defaultOptions} for what holds unless told otherwise. */
export interface ServeOptions {
  /** Milliseconds that an image waits at most for others to share a native call with. */
  readonly maxDelay: number
  /** Images in work at most, from the moment a request arrives until it is answered; beyond it answers are 503. */
  readonly queue: number
  /** Images of one request at most. */
  readonly maxImages: number
  /** Bytes of a request's body at most. */
  readonly maxBodyBytes: number
  /** Bytes of all requests' bodies that are held at once at most. */
  readonly maxHeldBytes: number
  /** Pixels of one image at most, in millions. */
  readonly maxMegapixels: number
  /** Seconds that a request takes at most, from its first byte to its answer. */
  readonly timeout: number
  /** Classes of an answer where the request does not say. */
  readonly top: number
}

export const defaultOptions: ServeOptions = {
  maxDelay: 5,
  queue: 64,
  maxImages: 32,
  maxBodyBytes: 16 * 2 ** 20,
  maxHeldBytes: 256 * 2 ** 20,
  maxMegapixels: 25,
  timeout: 30,
  top: 5,
}

const atLeastOne = { isValid: (value: number) => value >= 1, words: 'at least 1' }
const positive = { isValid: (value: number) => value > 0, words: 'more than 0' }

const ranges = {
  maxDelay: { isValid: (value: number) => value >= 0, words: 'at least 0' },
  queue: atLeastOne,
  maxImages: atLeastOne,
  maxBodyBytes: atLeastOne,
  maxHeldBytes: atLeastOne,
  maxMegapixels: positive,
  timeout: positive,
  top: atLeastOne,
} satisfies Record<keyof ServeOptions, typeof positive>

/** Options with the defaults of those that are left out. @throws E_OPTION for one that cannot be. */
export function serveOptions(given: Partial<ServeOptions>): ServeOptions {
  const options = { ...defaultOptions, ...given }
  const maxImages = given.maxImages ?? Math.min(options.maxImages, options.queue)
  const maxHeldBytes = given.maxHeldBytes ?? Math.max(options.maxHeldBytes, options.maxBodyBytes)
  const resolved = { ...options, maxImages, maxHeldBytes }
  for (const [name, { isValid, words }] of Object.entries(ranges)) {
    const value = resolved[name as keyof ServeOptions]
    if (!isValid(value)) throw new ConvkitError('E_OPTION', `${name} must be ${words}, got ${value}`)
  }
  requireRoom('maxImages', maxImages, 'queue', resolved.queue)
  requireRoom('maxBodyBytes', resolved.maxBodyBytes, 'maxHeldBytes', maxHeldBytes)
  return resolved
}

function requireRoom(part: string, size: number, whole: string, limit: number): void {
  if (size <= limit) return
  throw new ConvkitError('E_OPTION', `${part} must be at most ${whole}, ${limit}, got ${size}`)
}

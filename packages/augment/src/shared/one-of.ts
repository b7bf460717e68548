import { type BatchMix, ConvkitError, type ImageTransform, type RandomStream } from '@convkit/core'
import { drawsOf } from './draws.js'
import { probability as probabilityField, readOptions } from './options.js'

export interface OneOfOptions {
  /** How often any is applied, from 0 to 1; always by default. */
  readonly probability?: number
}

/** One of the transforms for each image, each as often. @throws E_OPTION without any. */
export function oneOf(transforms: readonly ImageTransform[], options?: OneOfOptions): ImageTransform {
  requireSome(transforms)
  const { probability } = readOptions<OneOfOptions>('one-of', { probability: probabilityField(1) }, options)
  return {
    name: nameOf(transforms),
    apply(image, random, into) {
      const draws = drawsOf(random)
      return draws.chance(probability) ? draws.pick(transforms).apply(image, inner(random), into) : image
    },
  }
}

/** One of the mixes for each batch, each as often. @throws E_OPTION without any. */
export function oneOfMixes(mixes: readonly BatchMix[]): BatchMix {
  requireSome(mixes)
  return {
    name: nameOf(mixes),
    apply: (batch, random) => drawsOf(random).pick(mixes).apply(batch, inner(random)),
  }
}

const inner = (random: RandomStream) => random.stream('chosen')

const nameOf = (parts: readonly { readonly name: string }[]) => parts.map(({ name }) => name).join(' or ')

function requireSome(parts: readonly unknown[]): void {
  if (parts.length === 0) throw new ConvkitError('E_OPTION', 'one-of needs at least one part, got none')
}

import {
  type Augmentation,
  type BatchMix,
  ConvkitError,
  type ImageTransform,
  type PartFactory,
  type Registry,
} from '@convkit/core'
import { augmentation } from './augmentation.js'
import { oneOf, oneOfMixes } from './shared/one-of.js'

/** A part by its registered name, with its options. */
export type PartData = string | { readonly name: string; readonly [option: string]: unknown }

/** One of several parts for each image or batch. */
export interface OneOfData {
  readonly oneOf: readonly (PartData | OneOfData)[]
  /** How often any is applied; only of transforms. */
  readonly probability?: number
}

/** An augmentation as data: what a JSON or YAML file holds, or the name of a recipe. */
export type AugmentationData =
  | string
  | {
      readonly name?: string
      readonly crop?: PartData
      readonly transforms?: readonly (PartData | OneOfData)[]
      readonly mix?: PartData | OneOfData
    }

/**
 * An augmentation from data; `source` names it in messages.
 *
 * @throws E_AUGMENTATION where its shape is wrong, E_UNKNOWN_AUGMENTATION for a name that is not registered, E_OPTION for
 * an option that does not fit.
 */
export function parseAugmentation(
  data: unknown,
  registry: Registry,
  source = 'The augmentation',
): Augmentation {
  if (typeof data === 'string') return registry.augmentation(data)
  const fields = recordOf(data, source, 'the name of a recipe, or an object', topKeys)
  const { name = source, crop, transforms = [], mix } = fields
  if (typeof name !== 'string') throw misfit(`name of ${source}`, 'a text', name)
  if (!Array.isArray(transforms)) throw misfit(`transforms of ${source}`, 'a list', transforms)
  return augmentation({
    name,
    ...(crop !== undefined && { crop: partOf(crop, `crop of ${source}`, registry.crop) }),
    transforms: transforms.map((part, i) =>
      anyPartOf<ImageTransform>(part, `transform ${i + 1} of ${source}`, registry.transform, oneOf),
    ),
    ...(mix !== undefined && {
      mix: anyPartOf<BatchMix>(mix, `mix of ${source}`, registry.mix, oneOfMixes),
    }),
  })
}

const topKeys = ['name', 'crop', 'transforms', 'mix'] as const

function anyPartOf<Part>(
  data: unknown,
  place: string,
  factoryOf: (name: string) => PartFactory<Part>,
  choose: (parts: readonly Part[], options: object) => Part,
): Part {
  if (typeof data !== 'object' || data === null || !('oneOf' in data)) return partOf(data, place, factoryOf)
  const { oneOf: parts, ...options } = data
  if (!Array.isArray(parts)) throw misfit(`oneOf of the ${place}`, 'a list', parts)
  return located(place, () =>
    choose(
      parts.map((part, i) => anyPartOf(part, `choice ${i + 1} of the ${place}`, factoryOf, choose)),
      options,
    ),
  )
}

function partOf<Part>(data: unknown, place: string, factoryOf: (name: string) => PartFactory<Part>): Part {
  const { name, ...options } =
    typeof data === 'string'
      ? { name: data }
      : recordOf(data, `The ${place}`, 'a name, or an object with one')
  if (typeof name !== 'string') throw misfit(`name of the ${place}`, 'a text', name)
  return located(place, () => factoryOf(name)(options))
}

/** Says of which part an error is. */
function located<T>(place: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof ConvkitError) || error.message.includes(place)) throw error
    throw new ConvkitError(error.code, `The ${place}: ${error.message}`, { cause: error })
  }
}

function recordOf(
  data: unknown,
  place: string,
  wanted: string,
  keys?: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw misfit(place, wanted, data)
  const unknown = keys && Object.keys(data).find((key) => !keys.includes(key))
  if (unknown !== undefined) {
    throw new ConvkitError('E_AUGMENTATION', `${place} has '${unknown}', but takes only ${keys?.join(', ')}`)
  }
  return data as Readonly<Record<string, unknown>>
}

function misfit(place: string, wanted: string, got: unknown): ConvkitError {
  return new ConvkitError('E_AUGMENTATION', `${place} must be ${wanted}, got ${JSON.stringify(got)}`)
}

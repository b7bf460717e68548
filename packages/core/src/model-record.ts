import { ConvkitError } from '@convkit/graph'
import * as v from 'valibot'
import type { Architecture } from './architecture.js'
import { architectureFromData } from './architecture-data.js'
import { type HeadOptions, headSchema } from './head.js'
import type { Model } from './model.js'
import type { Preprocessing } from './preprocessing.js'

/**
 * A model's `config.json`, with timm's keys: timm loads the folder by `local-dir:`. What timm has no key for is
 * under `convkit`.
 */
export function modelRecord({
  name,
  classes,
  preprocessing,
  config,
  variant,
  severalLabels,
}: Model): Record<string, unknown> {
  const { inputSize, channels, interpolation, cropPct, cropMode, mean, std } = preprocessing
  const { classifier, firstConvolution, data, head } = variant.architecture
  return {
    architecture: name,
    num_classes: classes.length,
    label_names: classes,
    ...(channels === 3 ? {} : { model_args: { in_chans: channels } }),
    pretrained_cfg: {
      num_classes: classes.length,
      input_size: [channels, ...inputSize],
      fixed_input_size: false,
      interpolation,
      crop_pct: cropPct,
      crop_mode: cropMode,
      mean,
      std,
      classifier,
      // timm adapts this layer from three channels to others, which a saved model has no need of.
      first_conv: channels === 3 ? (firstConvolution ?? null) : null,
    },
    convkit: {
      config: changes(variant.config, config),
      ...(data && { architecture: data }),
      ...(head && { head }),
      ...(severalLabels && { severalLabels }),
    },
  }
}

/** The entries of `config` that are not the variant's own. */
function changes(variant: object, config: object): Record<string, unknown> {
  const own = new Map<string, unknown>(Object.entries(variant))
  return Object.fromEntries(
    Object.entries(config).filter(([key, value]) => JSON.stringify(own.get(key)) !== JSON.stringify(value)),
  )
}

const size = v.pipe(v.number(), v.integer(), v.minValue(1))
const recordSchema = v.object({
  architecture: v.string(),
  // timm has weights without a classifier
  num_classes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  label_names: v.optional(v.array(v.string())),
  pretrained_cfg: v.object({
    input_size: v.tuple([v.picklist([1, 3]), size, size]),
    interpolation: v.picklist(['bilinear', 'bicubic', 'nearest']),
    crop_pct: v.number(),
    crop_mode: v.optional(v.picklist(['center', 'squash']), 'center'),
    mean: v.array(v.number()),
    std: v.array(v.number()),
  }),
  convkit: v.optional(
    v.object({
      config: v.optional(v.record(v.string(), v.unknown()), {}),
      architecture: v.optional(v.unknown()),
      head: v.optional(headSchema),
      severalLabels: v.optional(v.boolean(), false),
    }),
    {},
  ),
})

/** What `createModel` needs to make the model of a record again. */
export interface ModelDescription {
  readonly name: string
  readonly classes: readonly string[] | number
  readonly preprocessing: Preprocessing
  readonly config: Readonly<Record<string, unknown>>
  readonly severalLabels: boolean
  /** Of a network that was described by data. */
  readonly architecture: Architecture<object, string> | undefined
  /** The classifier in place of the network's own. */
  readonly head: HeadOptions | undefined
}

/** Reads a `config.json`. @throws E_MODEL naming the first key that is missing or wrong. */
export function parseModelRecord(json: string, source: string): ModelDescription {
  const parsed = v.safeParse(recordSchema, parseJson(json, source))
  if (!parsed.success) {
    const [issue] = parsed.issues
    throw new ConvkitError(
      'E_MODEL',
      `${source} is not a model's config: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`,
    )
  }
  const { architecture, num_classes, label_names, pretrained_cfg, convkit } = parsed.output
  if (label_names && label_names.length !== num_classes) {
    throw new ConvkitError(
      'E_MODEL',
      `${source} names ${label_names.length} classes, but num_classes is ${num_classes}`,
    )
  }
  const [channels, ...inputSize] = pretrained_cfg.input_size
  return {
    name: architecture,
    classes: label_names ?? num_classes,
    preprocessing: {
      inputSize,
      channels,
      interpolation: pretrained_cfg.interpolation,
      cropPct: pretrained_cfg.crop_pct,
      cropMode: pretrained_cfg.crop_mode,
      mean: pretrained_cfg.mean,
      std: pretrained_cfg.std,
    },
    config: convkit.config ?? {},
    head: convkit.head,
    severalLabels: convkit.severalLabels ?? false,
    architecture:
      convkit.architecture === undefined ? undefined : architectureFromData(convkit.architecture, source),
  }
}

function parseJson(json: string, source: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new ConvkitError('E_MODEL', `${source} is not JSON: ${(error as Error).message}`)
  }
}

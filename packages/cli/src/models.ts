import {
  ConvkitError,
  nearest,
  type Registry,
  resolvePreprocessing,
  traceVariant,
  type WeightsTag,
} from '@convkit/core'
import { macs, sizeOf } from '@convkit/graph'
import { variantTags } from '@convkit/weights'
import type { CommandContext } from './shared/options.js'
import { fitted, grouped, scaled, table } from './shared/text.js'

/** A registered model as `convkit models` lists it: for its own number of classes and input size. */
export interface ListedModel {
  readonly name: string
  readonly family: string
  readonly parameters: number
  /** Multiply-accumulates of one image. */
  readonly macs: number
  readonly input: readonly [height: number, width: number, channels: number]
  /** Published weights, the default first. */
  readonly weights: readonly WeightsTag[]
}

/** `convkit models [glob]`: a line a model; all that there is of a single one. */
export async function listModels(glob: string | undefined, { host, report }: CommandContext): Promise<void> {
  const registry = await host.registry()
  const names = matching(glob, [...registry.models.keys()])
  const models = names.map((name) => describe(name, registry))
  const [only] = models
  report.result({ models }, models.length === 1 && only ? detailsOf(only) : listOf(models))
}

function listOf(models: readonly ListedModel[]): string {
  const rows = models.map(({ name, parameters, input, weights: [tag] }) => [
    name,
    scaled(parameters),
    side(input),
    tag?.tag ?? '',
    tag?.license ?? '',
    percent(tag?.top1),
  ])
  const header = ['model', 'params', 'input', 'weights', 'license', 'top-1']
  const left = [0, 3, 4]
  return table(fitted(fitted([header, ...rows], 4, { columnWidth: 12 }), 3), left)
}

function detailsOf({ name, family, parameters, macs, input, weights }: ListedModel): string {
  const own = `${name} (${family}): ${grouped(parameters)} parameters, ${scaled(macs)} MACs, input ${input.join('×')}`
  const [first] = weights
  if (!first) return `${own}\nNo weights are published for it`
  const rows = weights.map(({ tag, license, classes, preprocessing, top1, top5 }) => [
    tag,
    license ?? 'none given',
    String(classes),
    side(preprocessing?.inputSize ?? input),
    percent(top1),
    percent(top5),
  ])
  const header = ['weights', 'license', 'classes', 'input', 'top-1', 'top-5']
  const tags = table(fitted([header, ...rows], 1), [0, 1])
  return `${own}\n\n${tags}\n\nTop-1 and top-5: percent on ImageNet, as published. Use with: --weights ${first.tag}`
}

/** `224`, or `256×128` where sides differ. */
function side([height, width]: readonly [number, number, ...number[]]): string {
  return [...new Set([height, width])].join('×')
}

const percent = (value: number | undefined) => value?.toFixed(1) ?? ''

/** Names that fit a pattern with `*` and `?`. @throws E_UNKNOWN_MODEL with the nearest ones. */
function matching(glob: string | undefined, names: readonly string[]): readonly string[] {
  if (glob === undefined) return names
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const found = names.filter((name) => new RegExp(`^${pattern}$`).test(name))
  if (found.length > 0) return found
  const close = nearest(glob, names).join(', ')
  throw new ConvkitError(
    'E_UNKNOWN_MODEL',
    `No model is called '${glob}' (nearest: ${close}; all of them: convkit models)`,
  )
}

function describe(name: string, registry: Registry): ListedModel {
  const variant = registry.model(name)
  const { inputSize, channels } = resolvePreprocessing(variant)
  const traced = traceVariant(variant, { registry, batchSize: 1, mode: 'infer' })
  const parameters = [...traced.state.values()].filter(({ kind }) => kind === 'parameter')
  return {
    name,
    family: variant.architecture.name,
    parameters: parameters.reduce((sum, { tensor }) => sum + sizeOf(tensor.shape), 0),
    macs: macs([traced.logits]),
    input: [...inputSize, channels],
    weights: variantTags(variant),
  }
}

import { ConvkitError, nearest, type Registry, resolvePreprocessing, traceVariant } from '@convkit/core'
import { macs, sizeOf } from '@convkit/graph'
import type { CommandContext } from './shared/options.js'
import { grouped, scaled, table } from './shared/text.js'

/** A registered model as `convkit models` lists it: for its own number of classes and input size. */
export interface ListedModel {
  readonly name: string
  readonly family: string
  readonly parameters: number
  /** Multiply-accumulates of one image. */
  readonly macs: number
  readonly input: readonly [height: number, width: number, channels: number]
}

/** `convkit models [glob]` */
export async function listModels(glob: string | undefined, { host, report }: CommandContext): Promise<void> {
  const registry = await host.registry()
  const names = matching(glob, [...registry.models.keys()])
  const models = names.map((name) => describe(name, registry))
  const rows = models.map(({ name, family, parameters, macs, input }) => [
    name,
    family,
    grouped(parameters),
    scaled(macs),
    input.join('×'),
  ])
  const text = table([['model', 'family', 'parameters', 'MACs', 'input'], ...rows], [0, 1])
  report.result({ models }, text)
}

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
  }
}

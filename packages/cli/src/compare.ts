import { resolvePreprocessing, traceVariant } from '@convkit/core'
import { activationBytes, macs, receptiveField, sizeOf } from '@convkit/graph'
import { variantOf } from './shared/architecture-file.js'
import { type CommandContext, checkSizes, type SizeOptions } from './shared/options.js'
import { grouped, inBytes, scaled, table } from './shared/text.js'

/** A network's figures, for one image. */
interface ComparedModel {
  readonly name: string
  readonly parameters: number
  readonly macs: number
  /** Pixels that a position of the last map sees, in theory, height and width. */
  readonly receptiveField: readonly [number, number]
  /** Pixels between such positions. */
  readonly stride: readonly [number, number]
  readonly activationBytes: number
  readonly input: readonly [height: number, width: number, channels: number]
}

/** `convkit compare <models...>`: networks, by name or file, side by side. */
export async function compareModels(
  names: readonly string[],
  options: SizeOptions,
  { host, report }: CommandContext,
): Promise<void> {
  checkSizes(options)
  const registry = await host.registry()
  const models: ComparedModel[] = []
  for (const name of names) {
    const variant = await variantOf(name, registry)
    const { size, batchSize = 1, classes } = options
    const preprocessing = size === undefined ? {} : { inputSize: [size, size] as const }
    const traced = traceVariant(variant, { registry, batchSize, classes, preprocessing, mode: 'infer' })
    const { inputSize, channels } = resolvePreprocessing(variant, preprocessing)
    const lastMap = [...traced.features.values()].at(-1) ?? traced.logits
    const field = receptiveField(traced.image, lastMap)
    const learned = [...traced.state.values()].filter(({ kind }) => kind === 'parameter')
    models.push({
      name: variant.name,
      parameters: learned.reduce((sum, { tensor }) => sum + sizeOf(tensor.shape), 0),
      macs: macs([traced.logits]),
      receptiveField: field.size,
      stride: field.stride,
      activationBytes: activationBytes([traced.logits]),
      input: [...inputSize, channels],
    })
  }
  const header = ['model', 'parameters', 'MACs', 'receptive field', 'stride', 'activations', 'input']
  const rows = models.map((model) => [
    model.name,
    grouped(model.parameters),
    scaled(model.macs),
    square(model.receptiveField),
    square(model.stride),
    inBytes(model.activationBytes),
    model.input.join('×'),
  ])
  report.result({ models }, table([header, ...rows]))
}

/** One number where both sides are alike. */
function square(sides: readonly [number, number]): string {
  return [...new Set(sides)].join('×')
}

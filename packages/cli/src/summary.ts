import { type Trace, traceVariant } from '@convkit/core'
import { type Layer, layers, sizeOf } from '@convkit/graph'
import { variantOf } from './shared/architecture-file.js'
import { isDataFile } from './shared/data-file.js'
import { openModel } from './shared/model-source.js'
import { type CommandContext, checkSizes, type SizeOptions } from './shared/options.js'
import { grouped, inBytes, scaled, table } from './shared/text.js'

/** `convkit summary <model>` */
export async function summarize(model: string, options: SizeOptions, context: CommandContext): Promise<void> {
  checkSizes(options)
  const traced = await traceOf(model, options, context)
  const rows = layers([traced.logits]).map((layer) => describe(layer, traced))
  const total = {
    parameters: rows.reduce((sum, { parameters }) => sum + parameters, 0),
    macs: rows.reduce((sum, { macs }) => sum + macs, 0),
    activationBytes: rows.reduce((sum, { activationBytes }) => sum + activationBytes, 0),
  }
  const value = { model, input: traced.image.shape, layers: rows, ...total }
  context.report.result(value, `${tableOf(rows)}\n\n${totals(value, traced)}`)
}

/** A network by its registered name, or in a folder. */
async function traceOf(name: string, options: SizeOptions, context: CommandContext): Promise<Trace> {
  const { size, batchSize = 1, classes } = options
  const registry = await context.host.registry()
  const asked = { registry, batchSize, mode: 'infer' } as const
  const inputSize = size === undefined ? {} : { inputSize: [size, size] as const }
  if (registry.models.has(name) || isDataFile(name) || !/[\\/]|^\.+$/.test(name)) {
    return traceVariant(await variantOf(name, registry), { ...asked, classes, preprocessing: inputSize })
  }
  const { variant, config, preprocessing, classes: own } = await openModel(name, context, {})
  return traceVariant(variant, {
    ...asked,
    config,
    classes: classes ?? own.length,
    preprocessing: { ...preprocessing, ...inputSize },
  })
}

interface SummaryRow extends Omit<Layer, 'parameters' | 'receptiveField'> {
  readonly parameters: number
  /** Pixels that one position sees, height and width; null where it sees none. */
  readonly receptiveField: readonly [number, number] | null
}

function describe({ receptiveField, parameters: names, ...layer }: Layer, { state }: Trace): SummaryRow {
  const counted = names.filter((name) => state.get(name)?.kind === 'parameter')
  const parameters = counted.reduce((sum, name) => sum + sizeOf(state.get(name)?.tensor.shape ?? []), 0)
  return { ...layer, parameters, receptiveField: receptiveField?.size ?? null }
}

function tableOf(rows: readonly SummaryRow[]): string {
  const header = ['layer', 'op', 'output', 'parameters', 'MACs', 'receptive field', 'activations']
  const cells = rows.map((row) => [
    row.scope || '(input)',
    row.op,
    row.shape.join('×'),
    grouped(row.parameters),
    scaled(row.macs),
    row.receptiveField ? [...new Set(row.receptiveField)].join('×') : '–',
    inBytes(row.activationBytes),
  ])
  return table([header, ...cells], [0, 1])
}

function totals(
  total: { readonly parameters: number; readonly macs: number; readonly activationBytes: number },
  { image }: Trace,
): string {
  const input = image.shape.join('×')
  return `${grouped(total.parameters)} parameters, ${scaled(total.macs)} MACs, ${inBytes(total.activationBytes)} of activations for an input of ${input}`
}

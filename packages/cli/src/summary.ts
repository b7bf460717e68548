import { createVariant, type Registry, type Trace, traceVariant } from '@convkit/core'
import { type Layer, layers, sizeOf } from '@convkit/graph'
import type { SummaryOptions } from './commands/summary.js'
import { checkPng, describeField, type FieldSummary, writeField } from './effective-field.js'
import { type NetworkSource, networkSource } from './shared/network-source.js'
import { type CommandContext, checkSizes, engineOptions } from './shared/options.js'
import { fitted, grouped, inBytes, scaled, table } from './shared/text.js'

/** `convkit summary <model>` */
export async function summarize(
  model: string,
  options: SummaryOptions,
  context: CommandContext,
): Promise<void> {
  checkSizes(options)
  if (options.effectiveReceptiveField !== undefined) checkPng(options.effectiveReceptiveField)
  const registry = await context.host.registry()
  const source = await networkSource(model, options, context, registry)
  const { batchSize = 1 } = options
  const traced = traceVariant(source.variant, { ...source, registry, batchSize, mode: 'infer' })
  const rows = layers([traced.logits]).map((layer) => describe(layer, traced))
  const total = {
    parameters: rows.reduce((sum, { parameters }) => sum + parameters, 0),
    macs: rows.reduce((sum, { macs }) => sum + macs, 0),
    activationBytes: rows.reduce((sum, { activationBytes }) => sum + activationBytes, 0),
  }
  const field = await fieldOf(source, options, registry)
  const value = {
    model,
    input: traced.image.shape,
    layers: rows,
    ...total,
    ...(field && { effectiveReceptiveField: field }),
  }
  const { output } = context.report
  const width = output.isTTY ? output.columns : undefined
  const text = [`${tableOf(rows, width)}\n`, totals(value, traced), ...(field ? [describeField(field)] : [])]
  context.report.result(value, text.join('\n'))
}

/** The effective receptive field, where it was asked for. */
async function fieldOf(
  { variant, weights, ...own }: NetworkSource,
  options: SummaryOptions,
  registry: Registry,
): Promise<FieldSummary | undefined> {
  const { effectiveReceptiveField: file, images, seed, engine } = options
  if (file === undefined) return undefined
  const model = await createVariant(variant, {
    ...own,
    registry,
    seed,
    engine,
    engineOptions: engineOptions(options),
    weights: options.weights ?? (weights && new Map(weights)),
  })
  try {
    return await writeField(file, model, images)
  } finally {
    await model.dispose()
  }
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

/** Names are cut off at their start where they do not fit a terminal. */
function tableOf(rows: readonly SummaryRow[], width = Number.POSITIVE_INFINITY): string {
  const header = ['layer', 'op', 'output', 'params', 'MACs', 'field', 'memory']
  const cells = rows.map((row) => [
    row.scope || '(input)',
    row.op.replace(/Infer$/, ''),
    row.shape.slice(1).join('×'),
    grouped(row.parameters),
    scaled(row.macs),
    row.receptiveField ? [...new Set(row.receptiveField)].join('×') : '–',
    inBytes(row.activationBytes),
  ])
  return table(fitted([header, ...cells], 0, { width, keep: 'end' }), [0, 1])
}

function totals(
  total: { readonly parameters: number; readonly macs: number; readonly activationBytes: number },
  { image }: Trace,
): string {
  const input = image.shape.join('×')
  return [
    `${grouped(total.parameters)} parameters, ${scaled(total.macs)} MACs, ${inBytes(total.activationBytes)} of activations (memory)`,
    `for an input of ${input}; field: the pixels that a position sees`,
  ].join('\n')
}

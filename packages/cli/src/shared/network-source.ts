import type { Model, Registry, TraceVariantOptions, Variant } from '@convkit/core'
import { variantOf } from './architecture-file.js'
import { isDataFile } from './data-file.js'
import { openModel } from './model-source.js'
import type { CommandContext, SharedOptions, SizeOptions } from './options.js'

/** A network, and what of it differs from its variant's own. */
export interface NetworkSource extends Pick<TraceVariantOptions, 'config' | 'classes' | 'preprocessing'> {
  readonly variant: Variant
  /** Of a folder. */
  readonly weights?: Model['weights']
}

/** A network by its registered name, or in a folder. */
export async function networkSource(
  name: string,
  { size, classes, ...options }: Pick<SizeOptions, 'size' | 'classes'> & SharedOptions,
  context: CommandContext,
  registry: Registry,
): Promise<NetworkSource> {
  const inputSize = size === undefined ? {} : { inputSize: [size, size] as const }
  if (registry.models.has(name) || isDataFile(name) || !/[\\/]|^\.+$/.test(name)) {
    return { variant: await variantOf(name, registry), classes, preprocessing: inputSize }
  }
  const model = await openModel(name, context, options)
  return {
    variant: model.variant,
    config: model.config,
    classes: classes ?? model.classes.length,
    preprocessing: { ...model.preprocessing, ...inputSize },
    weights: model.weights,
  }
}

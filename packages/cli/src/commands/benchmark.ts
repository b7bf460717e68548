import type { Command } from 'commander'
import {
  type CommandContext,
  choice,
  type SharedOptions,
  type SizeOptions,
  wholeNumber,
  withSharedOptions,
  withSizeOptions,
} from '../shared/options.js'

export const measured = ['train', 'predict'] as const

export interface BenchmarkOptions extends SizeOptions, SharedOptions {
  readonly steps?: number
  readonly only?: (typeof measured)[number]
}

export function defineBenchmark(program: Command, context: CommandContext): void {
  withSharedOptions(
    withSizeOptions(
      program
        .command('benchmark <model>')
        .description(
          'measures a model, by name, file or folder: images per second in training and predicting, and latency',
        )
        .option(
          '--steps <number>',
          'steps that are timed of each, after three that are not (default: 20)',
          wholeNumber,
        )
        .addOption(choice('--only <what>', 'measure one of them (default: both)', measured)),
      16,
    ),
  ).action(async (model: string, options: BenchmarkOptions) => {
    const { benchmark } = await import('../benchmark.js')
    await benchmark(model, options, context)
  })
}

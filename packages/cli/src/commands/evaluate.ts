import type { Command } from 'commander'
import { type CommandContext, type SharedOptions, wholeNumber, withSharedOptions } from '../shared/options.js'

export interface EvaluateOptions extends SharedOptions {
  readonly batchSize?: number
}

export function defineEvaluate(program: Command, context: CommandContext): void {
  withSharedOptions(
    program
      .command('evaluate <model> <data>')
      .description('measures a model, in the folder of a run or of a model, on an image folder')
      .option('--batch-size <number>', 'images at once (default: 32)', wholeNumber),
  ).action(async (model: string, data: string, options: EvaluateOptions) => {
    const { evaluateModel } = await import('../evaluate.js')
    await evaluateModel(model, data, options, context)
  })
}

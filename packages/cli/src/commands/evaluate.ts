import type { TestTimeMethod } from '@convkit/augment'
import type { Average } from '@convkit/core'
import type { Command } from 'commander'
import { type DataOptions, withDataOptions } from '../shared/data-options.js'
import {
  type CommandContext,
  choice,
  type SharedOptions,
  wholeNumber,
  withSharedOptions,
} from '../shared/options.js'
import { averages, testTimeMethods } from '../shared/test-time.js'

export interface EvaluateOptions extends SharedOptions, DataOptions {
  readonly batchSize?: number
  readonly tta?: TestTimeMethod
  readonly ttaAverage?: Average
}

export function defineEvaluate(program: Command, context: CommandContext): void {
  const command = withSharedOptions(
    program
      .command('evaluate <model> <data>')
      .description(
        'measures a model, in the folder of a run or of a model, on images: a folder of class folders, a CSV file, and other formats',
      )
      .option('--batch-size <number>', 'images at once (default: 32)', wholeNumber)
      .addOption(choice('--tta <name>', 'look at several views of each image, and average', testTimeMethods))
      .addOption(choice('--tta-average <name>', 'how views are averaged (default: mean)', averages)),
  )
  withDataOptions(command).action(async (model: string, data: string, options: EvaluateOptions) => {
    const { evaluateModel } = await import('../evaluate.js')
    await evaluateModel(model, data, options, context)
  })
}

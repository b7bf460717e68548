import type { CamMethod } from '@convkit/core'
import type { Command } from 'commander'
import { type CommandContext, choice, type SharedOptions, withSharedOptions } from '../shared/options.js'

export interface ExplainOptions extends SharedOptions {
  readonly out: string
  readonly layer?: string
  readonly class?: string
  readonly method?: CamMethod
}

const methods = ['grad-cam', 'grad-cam++'] as const satisfies readonly CamMethod[]

export function defineExplain(program: Command, context: CommandContext): void {
  withSharedOptions(
    program
      .command('explain <model> <images...>')
      .description('shows where the network sees a class: overlays (PNG) and raw maps (npz)')
      .option('--layer <name>', 'stage or layer that is looked at (default: the last stage)')
      .option(
        '--class <name>',
        "class that is looked for, by name or index (default: each image's most probable)",
      )
      .addOption(choice('--method <name>', 'how channels are weighed (default: grad-cam)', methods))
      .option('--out <folder>', 'where the files go', 'explanations'),
  ).action(async (model: string, images: string[], options: ExplainOptions) => {
    const { explainImages } = await import('../explain.js')
    await explainImages(model, images, options, context)
  })
}

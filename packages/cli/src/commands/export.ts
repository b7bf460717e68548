import type { ExportFormat, ModelInput } from '@convkit/export'
import type { Command } from 'commander'
import { type CommandContext, choice, type SharedOptions, withSharedOptions } from '../shared/options.js'

const formats = ['onnx', 'savedmodel', 'safetensors', 'tfjs'] as const satisfies readonly ExportFormat[]
const inputs = ['normalized', 'pixels', 'image'] as const satisfies readonly ModelInput[]

export interface ExportOptions extends SharedOptions {
  readonly format?: ExportFormat
  readonly input?: ModelInput
  readonly images?: string
  readonly weights?: string
  readonly int8?: boolean
  readonly calibration?: string
  readonly out?: string
}

export function defineExport(program: Command, context: CommandContext): void {
  withSharedOptions(
    program
      .command('export <model>')
      .description(
        'writes a model for other tools, and checks the file against the model: the folder of a run or of a model, or a name with --weights',
      )
      .addOption(choice('--format <name>', 'what to write', formats))
      .addOption(
        choice(
          '--input <name>',
          'what the exported model takes: normalized float images; pixels of 8 bits, which it normalizes itself; or an image of any size, which it scales and crops too (onnx) (default: normalized)',
          inputs,
        ),
      )
      .option('--images <folder|glob>', 'images that it is checked on (default: 20 that are drawn)')
      .option('--int8', 'hold weights and activations in 8 bits (onnx); prints the accuracy before and after')
      .option(
        '--calibration <data>',
        "images that the ranges of 8 bits come from; the accuracy is that on its validation images (default: the run's own)",
      )
      .option('--weights <name|file>', 'weights of a model that is given by name, or none for random numbers')
      .option('--out <path>', "file or folder to write (default: export/<name> in the model's folder)"),
  ).action(async (model: string, options: ExportOptions) => {
    const { exportCommand } = await import('../export/export.js')
    await exportCommand(model, options, context)
  })
}

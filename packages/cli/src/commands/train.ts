import type { Command } from 'commander'
import { withDataOptions } from '../shared/data-options.js'
import {
  type CommandContext,
  choice,
  decimal,
  decimalOrText,
  wholeNumber,
  withSharedOptions,
} from '../shared/options.js'
import { averages, optimizers, schedules, strategies } from '../train/choices.js'

/** What was given on the command line, by the names of the run's config; checked when the config is made. */
export type TrainFlags = Readonly<Record<string, unknown>>

export function defineTrain(program: Command, context: CommandContext): void {
  const command = withSharedOptions(
    program
      .command('train [data]')
      .description('trains a network on images: a folder of class folders, a CSV file, and other formats')
      .option(
        '--model <name>',
        'network, which convkit models lists, or a JSON or YAML file of blocks (default: resnet18)',
      )
      .option(
        '--weights <none|name|file|folder>',
        "where to start from: random numbers, a name such as a1_in1k, a file, or a run's or model's folder (default: none)",
      )
      .option('--epochs <number>', 'times that all images are seen (default: 10)', wholeNumber)
      .option('--batch-size <number>', 'images of one step (default: 32)', wholeNumber)
      .option(
        '--lr <number|auto>',
        'highest learning rate; auto tries growing ones first (default: 0.001, with sgd 0.05)',
        decimalOrText,
      )
      .addOption(choice('--optimizer <name>', 'update rule (default: adamw)', optimizers))
      .option('--weight-decay <number>', 'weight decay (default: 0.01 with adamw, else 0.0001)', decimal)
      .option('--momentum <number>', 'momentum of sgd and rmsprop (default: 0.9)', decimal)
      .addOption(choice('--schedule <name>', 'course of the learning rate (default: cosine)', schedules))
      .option(
        '--warmup <epochs>',
        'epochs on which the learning rate rises (default: a tenth of them)',
        decimal,
      )
      .option(
        '--label-smoothing <number>',
        'share of each target spread over all classes (default: 0)',
        decimal,
      )
      .option('--class-weights [balanced]', 'weigh classes in the loss by how rare they are')
      .option('--oversample', 'draw images of rare classes more often')
      .option('--clip-norm <number>', "largest norm of a step's gradients", decimal)
      .option('--accumulate <number>', 'batches that make one step (default: 1)', wholeNumber)
      .addOption(
        choice(
          '--average <name>',
          "the model is an average of the training's weights: exponential (ema), or of the last epochs (swa) (default: none)",
          averages,
        ),
      )
      .option(
        '--augment <recipe|file>',
        'how training images are changed: none, mirror, light, alexnet, vgg, inception, resnet, timm-a1, or a JSON or YAML file (default: light, with a strategy mirror, for small images none)',
      )
      .option(
        '--size <pixels>',
        "side of the network's input (default: the model's, or less for small images)",
        wholeNumber,
      )
      .addOption(
        choice(
          '--strategy <name>',
          'how pretrained weights are used; auto measures and chooses (default: all is trained alike)',
          strategies,
        ),
      )
      .option(
        '--freeze <stage|layers>',
        'layers that are not trained: all up to a stage (layer2), or names with commas between them (conv1,layer*.0)',
      )
      .option(
        '--validation <fraction|folder>',
        'share of the images, or a folder, to validate on (default: 0.2)',
        decimalOrText,
      )
      .option('--fold <k/n>', 'validate on the k-th of n parts of the images, such as 1/5')
      .option(
        '--patience <epochs>',
        'epochs without improvement before training stops; 0 never stops (default: 5)',
        wholeNumber,
      )
      .option('--tensorboard', "write event files for TensorBoard into the run's folder")
      .option('--out <folder>', 'where the folder of the run is made (default: runs)')
      .option('--resume <run>', 'continue a run from its newest checkpoint, with its own config')
      .option('--config <file>', 'JSON file with these options, such as the config.json of a run'),
  )
  withDataOptions(command).action(async (data: string | undefined, flags: TrainFlags) => {
    const { train } = await import('../train/train.js')
    await train(data, flags, context)
  })
}

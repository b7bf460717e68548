import type { Command } from 'commander'
import {
  type CommandContext,
  decimal,
  type SharedOptions,
  wholeNumber,
  withSharedOptions,
} from '../shared/options.js'

export interface ServeCommandOptions extends SharedOptions {
  readonly host: string
  readonly port: number
  readonly batchSize: number
  readonly maxDelay?: number
  readonly queue?: number
  readonly maxImages?: number
  readonly maxBody?: number
  readonly maxMegapixels?: number
  readonly timeout?: number
  readonly top?: number
}

export function defineServe(program: Command, context: CommandContext): void {
  withSharedOptions(
    program
      .command('serve <model>')
      .description(
        'answers over HTTP: labels of images, the Open Inference Protocol, a page to drop images on',
      )
      .option('--host <address>', 'address to listen on; 0.0.0.0 for all of this machine', '127.0.0.1')
      .option('--port <number>', 'port to listen on; 0 for any that is free', wholeNumber, 8080)
      .option('--batch-size <number>', 'images computed at once, at most', wholeNumber, 16)
      .option(
        '--max-delay <milliseconds>',
        'time that an image waits for others at most (default: 5)',
        decimal,
      )
      .option(
        '--queue <number>',
        'images in work at most; beyond it answers are 503 (default: 64)',
        wholeNumber,
      )
      .option('--max-images <number>', 'images of one request at most (default: 32)', wholeNumber)
      .option('--max-body <MB>', 'size of a request at most (default: 16)', decimal)
      .option('--max-megapixels <number>', 'size of an image at most (default: 25)', decimal)
      .option('--timeout <seconds>', 'time of a request at most (default: 30)', decimal)
      .option(
        '--top <number>',
        'classes of an answer where the request does not say (default: 5)',
        wholeNumber,
      ),
  ).action(async (model: string, options: ServeCommandOptions) => {
    const { serveModel } = await import('../serve.js')
    await serveModel(model, options, context)
  })
}

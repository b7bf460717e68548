import type { Callback, Model } from '@convkit/core'
import { shapeDataset } from './drawings.js'
import type { Report, Request } from './protocol.js'
import { type TrainOptions, trainShapes } from './train-shapes.js'

// Trains beside the page, which stays at hand: a step by WebAssembly holds up whatever thread it runs in.

const say = (report: Report) => postMessage(report)

let trained: Model | undefined
let isStopped = false

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  answer(data).catch((error: Error) => say({ kind: 'failed', message: error.message }))
})

async function answer(request: Request): Promise<void> {
  if (request.kind === 'stop') isStopped = true
  else if (request.kind === 'predict') await predict(request)
  else await train(request.options, request.seed)
}

async function predict({ id, images }: Extract<Request, { kind: 'predict' }>): Promise<void> {
  if (trained) say({ kind: 'predicted', id, predictions: await trained.predict(images) })
}

async function train(options: TrainOptions, seed: number): Promise<void> {
  isStopped = false
  await trained?.dispose()
  const sets = [shapeDataset(1000, seed, 'training'), shapeDataset(200, seed, 'validation')] as const
  trained = await trainShapes(...sets, options, [reporting()])
  say({ kind: 'trained' })
}

/** Tells the page each step and epoch, and stops when it says so. */
function reporting(): Callback {
  let step = 0
  return {
    name: 'page',
    onTrainBegin({ model, epochs, stepsPerEpoch }) {
      const { state } = model.trace({ batchSize: 1, mode: 'infer' })
      const parameters = [...state.values()]
        .filter(({ kind }) => kind === 'parameter')
        .reduce((sum, { tensor }) => sum + tensor.shape.reduce((a, b) => a * b, 1), 0)
      const { name, description } = model.engine
      say({
        kind: 'began',
        engine: `${name}: ${description}`,
        parameters,
        steps: epochs * stepsPerEpoch,
      })
    },
    async onBatchEnd(_, logs, { control }) {
      say({ kind: 'step', step: ++step, loss: logs.batchLoss ?? Number.NaN })
      // Lets a message of the page come in: steps by WebAssembly give way to nothing else.
      await new Promise((resume) => setTimeout(resume))
      if (isStopped) control.stop = 'stopped in the page'
    },
    onEpochEnd(epoch, logs) {
      const { val_top1: top1 = Number.NaN, imagesPerSecond = 0 } = logs
      say({ kind: 'epoch', epoch: epoch + 1, top1, imagesPerSecond })
    },
  }
}

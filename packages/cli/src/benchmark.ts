import { ConvkitError, createVariant, type Model, type Pixels, random, selectEngine } from '@convkit/core'
import { arrayDataset } from '@convkit/data'
import { fit, sgd } from '@convkit/train'
import type { BenchmarkOptions } from './commands/benchmark.js'
import { networkSource } from './shared/network-source.js'
import { type CommandContext, checkSizes, engineOptions } from './shared/options.js'
import { table } from './shared/text.js'

const warmUp = 3

/** `convkit benchmark <model>`: medians, of images in memory that have the network's size already. */
export async function benchmark(
  name: string,
  options: BenchmarkOptions,
  context: CommandContext,
): Promise<void> {
  const { batchSize = 16, steps = 20, seed = 1, only } = options
  const { host, report } = context
  checkSizes(options)
  if (steps === 0) throw new ConvkitError('E_OPTION', '--steps must be at least 1, got 0')
  const registry = await host.registry()
  const source = await networkSource(name, options, context, registry)
  const engine = await selectEngine(registry.engines.values(), options.engine, engineOptions(options))
  const model = await createVariant(source.variant, {
    registry,
    engine,
    classes: source.classes,
    config: source.config,
    seed,
    preprocessing: { ...source.preprocessing, cropPct: 1 },
    ...(source.weights && { weights: new Map(source.weights) }),
    predictBatchSize: batchSize,
  })
  const [height, width] = model.preprocessing.inputSize
  report.line('Model', `${model.name}, ${height}×${width}, batches of ${batchSize}`)
  report.line('Engine', `${engine.name} (${engine.description})`)
  const images = someImages(batchSize, model)
  const progress = (label: string) => (step: number) => {
    if (!report.quiet) report.terminal.live(`${label} ${step}/${warmUp + steps}`)
  }
  const times = {
    ...(only !== 'train' && {
      predict: await timesOf(() => model.infer(images), steps, progress('Predicting')),
      single: await timesOf(() => model.infer(images.slice(0, 1)), steps, progress('Predicting one')),
    }),
    ...(only !== 'predict' && { train: await trainingTimes(model, images, steps, progress('Training')) }),
  }
  await model.dispose()
  const { train, predict, single } = times
  const value = {
    engine: engine.name,
    model: model.name,
    batchSize,
    ...(train && { train: throughput(train, batchSize) }),
    ...(predict && { predict: throughput(predict, batchSize) }),
    ...(single && { latency: { milliseconds: quantile(single, 0.5), p95: quantile(single, 0.95) } }),
  }
  const row = (label: string, count: number, given: readonly number[] | undefined) =>
    given
      ? [
          [
            label,
            ...[(1000 * count) / quantile(given, 0.5), quantile(given, 0.5), quantile(given, 0.95)].map(
              short,
            ),
          ],
        ]
      : []
  report.result(
    value,
    table([
      ['', 'images/s', 'ms', 'ms, 95 %'],
      ...row('train', batchSize, train),
      ...row('predict', batchSize, predict),
      ...row('one image', 1, single),
    ]),
  )
}

const throughput = (times: readonly number[], batchSize: number) => {
  const millisecondsPerStep = quantile(times, 0.5)
  return { imagesPerSecond: (1000 * batchSize) / millisecondsPerStep, millisecondsPerStep }
}

const short = (value: number) => value.toFixed(value < 10 ? 2 : 1)

/** The value below which a share of the values lies, the nearest one. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] as number
}

function someImages(count: number, { preprocessing, seed }: Model): Pixels[] {
  const { inputSize, channels } = preprocessing
  const [height, width] = inputSize
  const draw = random(seed, 'benchmark')
  const data = Uint8Array.from({ length: height * width * channels }, (_, at) => 256 * draw.uniform(at))
  return Array.from({ length: count }, () => ({ height, width, channels, data }))
}

async function timesOf(
  step: () => Promise<unknown>,
  steps: number,
  onStep: (step: number) => void,
): Promise<number[]> {
  const times: number[] = []
  for (let done = 0; done < warmUp + steps; done++) {
    onStep(done + 1)
    const started = performance.now()
    await step()
    if (done >= warmUp) times.push(performance.now() - started)
  }
  return times
}

/** Milliseconds from the end of one training step to the end of the next: SGD with momentum, as `fit` does it. */
async function trainingTimes(
  model: Model,
  images: readonly Pixels[],
  steps: number,
  onStep: (step: number) => void,
): Promise<number[]> {
  const labels = images.map((_, index) => index % model.classes.length)
  const times: number[] = []
  let last = performance.now()
  await fit(model, arrayDataset({ images, labels, classes: model.classes }), {
    epochs: warmUp + steps,
    batchSize: images.length,
    optimizer: sgd({ learningRate: 1e-3, momentum: 0.9 }),
    metrics: [],
    callbacks: [
      {
        name: 'stopwatch',
        onBatchEnd() {
          const now = performance.now()
          times.push(now - last)
          last = now
          onStep(times.length)
        },
      },
    ],
  })
  return times.slice(warmUp)
}

import type { Shape } from '@convkit/graph'
import { createImageRunner } from './image-runner.js'
import type { Model } from './model.js'
import type { Pixels } from './preprocessing.js'
import type { FloatTensor } from './tensors.js'
import { unknownStage } from './unknown-stage.js'

export interface FeatureExtractorOptions {
  /** Names of stages, such as `['layer3', 'layer4']`; all by default. */
  readonly stages?: readonly string[]
  /** Images that one native call takes; 16 by default. */
  readonly batchSize?: number
}

/** A stage of a network: its name, what its map is for one image `[h, w, c]`, and pixels between positions. */
export interface Stage {
  readonly name: string
  readonly shape: Shape
  readonly reduction: number
}

export interface FeatureExtractor {
  readonly stages: readonly Stage[]
  /** Maps of each stage, `[images, h, w, c]`, by name. */
  extract(images: readonly Pixels[]): Promise<ReadonlyMap<string, FloatTensor>>
  dispose(): Promise<void>
}

/**
 * The outputs of a network's stages, without its head: what timm calls `features_only`. Dispose of it before the
 * model's weights change.
 *
 * @throws E_OPTION for a stage that the network has not, with the names that it has.
 */
export function featureExtractor(model: Model, options: FeatureExtractorOptions = {}): FeatureExtractor {
  const { engine, weights, preprocessing } = model
  const trace = (batchSize: number) => model.trace({ batchSize, mode: 'infer', classes: 0 })
  const all = stagesOf(model)
  const names = options.stages ?? all.map(({ name }) => name)
  const stages = names.map((name) => {
    const stage = all.find((each) => each.name === name)
    if (stage) return stage
    throw unknownStage(
      model.name,
      name,
      all.map((each) => each.name),
    )
  })
  const runner = createImageRunner({
    engine,
    weights,
    preprocessing,
    batchSize: options.batchSize ?? 16,
    trace,
    outputs: ({ features }) => Object.fromEntries([...features].filter(([name]) => names.includes(name))),
  })
  return {
    stages,
    extract: async (images) => new Map(Object.entries(await runner.run(images))),
    dispose: runner.dispose,
  }
}

/** A network's stages, from the image to the head. */
export function stagesOf(model: Pick<Model, 'trace' | 'preprocessing'>): Stage[] {
  const { features } = model.trace({ batchSize: 1, mode: 'infer', classes: 0 })
  return [...features].map(
    ([
      name,
      {
        shape: [, ...shape],
      },
    ]) => ({
      name,
      shape,
      reduction: Math.round(model.preprocessing.inputSize[0] / (shape[0] ?? 1)),
    }),
  )
}

export interface Embedder {
  /** Numbers in one embedding. */
  readonly size: number
  /** `[images, size]`: what the classifier would see, pooled. */
  embed(images: readonly Pixels[]): Promise<FloatTensor>
  dispose(): Promise<void>
}

/** Pooled features of images: the network without its classifier. Dispose of it before the model's weights change. */
export function embedder(
  model: Model,
  { batchSize = 16 }: Pick<FeatureExtractorOptions, 'batchSize'> = {},
): Embedder {
  const { engine, weights, preprocessing } = model
  const trace = (size: number) => model.trace({ batchSize: size, mode: 'infer', classes: 0 })
  const runner = createImageRunner({
    engine,
    weights,
    preprocessing,
    batchSize,
    trace,
    outputs: ({ logits }) => ({ embeddings: logits }),
  })
  return {
    size: trace(1).logits.shape.at(-1) ?? 0,
    embed: async (images) => (await runner.run(images)).embeddings,
    dispose: runner.dispose,
  }
}

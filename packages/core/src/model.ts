import { type AdaptedWeights, adaptWeights, classesOf } from './adapt-weights.js'
import type { ModelConfigs, ModelName } from './architecture.js'
import { type Engine, type EngineOptions, type EnginePurpose, selectEngine } from './engine.js'
import { type HeadOptions, withHead } from './head.js'
import { classNames, defaultClasses, resolvePreprocessing } from './model-options.js'
import { openWeights } from './open-weights.js'
import { createPredictor, type Inference } from './predictor.js'
import type { Pixels, Preprocessing } from './preprocessing.js'
import type { PretrainedWeights } from './pretrained-weights.js'
import { defaultRegistry, type Registry, type Variant } from './registry.js'
import type { FloatTensor, TensorMap } from './tensors.js'
import { initialWeights, type Trace, type TraceOptions } from './trace.js'
import { traceVariant } from './trace-variant.js'
import { checkWeights } from './weights.js'

export interface CreateModelOptions<Config extends object = object> {
  /**
   * Names of the classes, or how many; by default those of the weights, or else what the architecture was made for, such
   * as ImageNet's 1,000.
   */
  readonly classes?: readonly string[] | number
  /**
   * `'none'`, the default, starts from random numbers. A text is a tag, an address or a file that a registered provider
   * opens; tensors by name are a file's contents. {@link adaptWeights} fits them to other classes and input channels.
   */
  readonly weights?: 'none' | (string & {}) | TensorMap | PretrainedWeights
  /** Values that differ from the variant's. */
  readonly config?: Partial<Config>
  /** A classifier in place of the network's own: on an earlier stage, or with a hidden layer. */
  readonly head?: HeadOptions | undefined
  /** Values that differ from the variant's record. */
  readonly preprocessing?: Partial<Preprocessing>
  /** Draws the first values of parameters; 0 by default. */
  readonly seed?: number
  /** An engine, its name, or `'auto'`, the default: the fastest one available for the purpose. */
  readonly engine?: Engine | string
  /** What the model is for, where `auto` chooses the engine: `training` by default. */
  readonly purpose?: EnginePurpose
  readonly engineOptions?: EngineOptions
  /** Images that one native call predicts at once; 16 by default. */
  readonly predictBatchSize?: number
  readonly registry?: Registry
  /** Whether an image may show any number of classes: probabilities are a sigmoid each instead of a softmax of all. */
  readonly severalLabels?: boolean
}

export interface Prediction {
  readonly index: number
  readonly label: string
  readonly probability: number
}

export interface PredictOptions {
  /** How many classes, most probable first; 5 by default. */
  readonly top?: number
}

/** A network with its weights, classes, preprocessing and engine. */
export interface Model {
  readonly name: string
  readonly variant: Variant
  /** The variant's config with the changes asked for. */
  readonly config: object
  readonly classes: readonly string[]
  readonly preprocessing: Preprocessing
  /** Whether probabilities are a sigmoid a class: an image may show any number of them. */
  readonly severalLabels?: boolean
  readonly engine: Engine
  /** Where its blocks are looked up. */
  readonly registry: Registry
  readonly seed: number
  /** Parameters and statistics by their PyTorch names; {@link setWeights} changes them. */
  readonly weights: ReadonlyMap<string, FloatTensor>
  /** What became of the weights that it was created with; undefined of random numbers. */
  readonly pretrained?: Pick<PretrainedWeights, 'source'> & Pick<AdaptedWeights, 'newHead' | 'notes'>
  /** Replaces weights. @throws E_WEIGHTS when a name is unknown or missing, or a shape differs. */
  setWeights(weights: TensorMap): void
  /** The network as a graph for one batch size and mode; weights are not in it. */
  trace(
    options: Pick<TraceOptions, 'batchSize' | 'mode' | 'isFrozen' | 'slideOver'> & {
      /** The model's own by default; 0 ends in pooled features. */
      readonly classes?: number
    },
  ): Trace
  /** Most probable classes of one image of any size. */
  predict(image: Pixels, options?: PredictOptions): Promise<Prediction[]>
  /** The same for several, in order. */
  predict(images: readonly Pixels[], options?: PredictOptions): Promise<Prediction[][]>
  /** Logits and probabilities `[images, classes]`, row-major, of images of any size. */
  infer(images: readonly Pixels[]): Promise<Inference>
  /** Releases native memory; the model loads itself again when it is next used. */
  dispose(): Promise<void>
}

/**
 * Makes a model: `await createModel('resnet18', { classes: ['cat', 'dog'] })`.
 *
 * @throws E_UNKNOWN_MODEL, E_UNKNOWN_ENGINE, E_ENGINE_UNAVAILABLE, E_WEIGHTS, E_OPTION.
 */
export async function createModel<N extends ModelName>(
  name: N,
  options: CreateModelOptions<ModelConfigs[N] & object> = {},
): Promise<Model> {
  return createVariant((options.registry ?? defaultRegistry()).model(name), options)
}

/** {@link createModel} for a name known only at run time: look it up by `registry.model(name)`. */
export async function createVariant(registered: Variant, options: CreateModelOptions = {}): Promise<Model> {
  const variant = withHead(registered, options.head)
  const { name } = variant
  const registry = options.registry ?? defaultRegistry()
  const { seed = 0, predictBatchSize = 16 } = options
  const pretrained = await openWeights(options.weights, variant, { registry, config: options.config })
  const { classifier } = variant.architecture
  const classes = classNames(
    options.classes ??
      pretrained?.classes ??
      (pretrained && classesOf(classifier, pretrained.tensors)) ??
      defaultClasses(variant),
  )
  const config = { ...variant.config, ...pretrained?.config, ...options.config }
  const preprocessing = resolvePreprocessing(variant, {
    ...pretrained?.preprocessing,
    ...options.preprocessing,
  })
  const traceModel: Model['trace'] = (traceOptions) =>
    traceVariant(variant, { registry, config, preprocessing, classes: classes.length, ...traceOptions })

  const template = traceModel({ batchSize: 1, mode: 'infer' })
  const adapted =
    pretrained &&
    adaptWeights({
      model: name,
      architecture: variant.architecture,
      trace: template,
      trainingTrace: () =>
        traceVariant(registered, { registry, config, preprocessing, batchSize: 2, mode: 'train' }),
      replacesHead: variant.architecture.head !== undefined,
      seed,
      given: pretrained.tensors,
      otherClasses: pretrained.classes !== undefined && `${pretrained.classes}` !== `${classes}`,
    })
  const weights = adapted?.weights ?? initialWeights(template, seed)
  const engine =
    typeof options.engine === 'object'
      ? options.engine
      : await selectEngine(registry.engines.values(), options.engine, options.engineOptions, options.purpose)
  const predictor = createPredictor({
    engine,
    weights,
    preprocessing,
    severalLabels: options.severalLabels,
    batchSize: predictBatchSize,
    trace: (batchSize) => traceModel({ batchSize, mode: 'infer' }),
  })

  async function predict(image: Pixels, predictOptions?: PredictOptions): Promise<Prediction[]>
  async function predict(images: readonly Pixels[], predictOptions?: PredictOptions): Promise<Prediction[][]>
  async function predict(images: Pixels | readonly Pixels[], predictOptions: PredictOptions = {}) {
    const list = 'data' in images ? [images] : images
    const { probabilities } = await predictor.infer(list)
    const rows = list.map((_, row) =>
      topClasses(probabilities.subarray(row * classes.length), classes, predictOptions),
    )
    return 'data' in images ? rows[0] : rows
  }

  return {
    name,
    variant,
    config,
    classes,
    preprocessing,
    ...(options.severalLabels && { severalLabels: true }),
    engine,
    registry,
    seed,
    weights,
    ...(pretrained &&
      adapted && {
        pretrained: {
          source: pretrained.source,
          newHead: adapted.newHead,
          notes: [...(pretrained.notes ?? []), ...adapted.notes],
        },
      }),
    setWeights(replacement) {
      for (const [key, tensor] of checkWeights(name, weights, replacement)) weights.set(key, tensor)
      predictor.invalidate()
    },
    trace: traceModel,
    predict,
    infer: predictor.infer,
    dispose: predictor.dispose,
  }
}

/** The `top` most probable classes of a row that begins with their probabilities. */
export function topClasses(
  row: Float32Array,
  classes: readonly string[],
  { top = 5 }: PredictOptions = {},
): Prediction[] {
  return classes
    .map((label, index) => ({ index, label, probability: row[index] as number }))
    .sort((a, b) => b.probability - a.probability || a.index - b.index)
    .slice(0, top)
}

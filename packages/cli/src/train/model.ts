import { stat } from 'node:fs/promises'
import {
  ConvkitError,
  type CreateModelOptions,
  createModel,
  type Dataset,
  type Engine,
  type Model,
  modelName,
  type Preprocessing,
  type Registry,
  resolvePreprocessing,
  type TensorMap,
  traceVariant,
} from '@convkit/core'
import { loadModel } from '@convkit/core/node'
import { modelFolder } from '../shared/model-source.js'
import type { TrainConfig } from './config.js'
import type { RunData } from './data.js'

/** The network that is trained when nothing else is asked for. */
const defaultModel = 'resnet18'

/** The model that a run trains, and in words where its weights come from. */
export interface RunModel {
  readonly model: Model
  readonly origin: string
}

/** Makes the network for the data's classes, from random numbers or from weights with a new head where classes differ. */
export async function createRunModel(
  config: TrainConfig,
  data: RunData,
  engine: Engine,
  registry: Registry,
): Promise<RunModel> {
  const source = await modelOfFolder(config.weights, engine, registry)
  const name = nameOf(config, source, registry)
  const modelConfig = config.modelConfig ?? source?.config
  const model = await createModel(modelName(name, registry), {
    ...baseOptions(config, data.train, engine, registry),
    config: modelConfig,
    head: config.head ?? source?.variant.architecture.head,
    weights: source
      ? { source: config.weights, tensors: new Map(source.weights), classes: source.classes }
      : config.weights,
    preprocessing: {
      ...source?.preprocessing,
      ...(config.weights === 'none' && sizeForSmallImages(name, modelConfig, data, registry)),
      ...config.preprocessing,
      ...(config.size !== undefined && { inputSize: [config.size, config.size] as const }),
    },
  })
  const { pretrained } = model
  if (!pretrained) return { model, origin: 'random weights' }
  const { newHead, notes } = pretrained
  const origin = [`weights of ${pretrained.source}${newHead ? ' with a new head' : ''}`, ...notes].join('; ')
  return { model, origin }
}

/** Makes the network of a run again, with the weights of a checkpoint. */
export async function resumeRunModel(
  config: TrainConfig,
  train: Dataset,
  weights: TensorMap,
  engine: Engine,
  registry: Registry,
): Promise<Model> {
  const { modelConfig, preprocessing, head } = config
  const options = baseOptions(config, train, engine, registry)
  const name = modelName(config.model ?? defaultModel, registry)
  return createModel(name, { ...options, config: modelConfig, preprocessing, head, weights })
}

/** The config with everything that the network was made from. */
export function withModel(
  config: TrainConfig,
  { name, config: modelConfig, preprocessing, variant }: Model,
): TrainConfig {
  const { inputSize, mean, std, ...others } = preprocessing
  const { head } = variant.architecture
  return {
    ...config,
    model: name,
    modelConfig: { ...modelConfig },
    ...(head && { head: { ...head, stages: head.stages && [...head.stages] } }),
    preprocessing: { ...others, inputSize: [...inputSize], mean: [...mean], std: [...std] },
  }
}

function baseOptions(
  { seed }: TrainConfig,
  { classes, targets }: Dataset,
  engine: Engine,
  registry: Registry,
) {
  return {
    classes,
    severalLabels: targets !== undefined,
    seed,
    engine,
    registry,
  } satisfies CreateModelOptions
}

/** The model of a run's or a model's folder; undefined for weights of another kind. */
async function modelOfFolder(path: string, engine: Engine, registry: Registry): Promise<Model | undefined> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false
  return isFolder ? loadModel(await modelFolder(path), { engine, registry }) : undefined
}

function nameOf(
  { model: asked, weights }: TrainConfig,
  source: Model | undefined,
  registry: Registry,
): string {
  const own = source?.name
  if (own !== undefined && asked !== undefined && own !== asked) {
    throw new ConvkitError(
      'E_OPTION',
      `--weights ${weights} is a ${own}, and --model asks for ${registry.model(asked).name}: leave --model out`,
    )
  }
  return asked ?? own ?? defaultModel
}

/**
 * Training on images of at most half the network's input size spends most of its time on enlarged pixels: it takes the
 * smallest size, in steps of 32, that holds them and that the network can be built for.
 */
function sizeForSmallImages(
  name: string,
  modelConfig: object | undefined,
  { shorterSide, train }: RunData,
  registry: Registry,
): Partial<Preprocessing> {
  const variant = registry.model(name)
  const usual = Math.min(...resolvePreprocessing(variant).inputSize)
  if (!shorterSide || shorterSide.median * 2 > usual) return {}
  const canBuild = (preprocessing: Partial<Preprocessing>) => {
    try {
      const classes = train.classes.length
      traceVariant(variant, {
        registry,
        config: modelConfig,
        preprocessing,
        classes,
        batchSize: 1,
        mode: 'infer',
      })
      return true
    } catch {
      return false
    }
  }
  for (let size = 32 * Math.ceil(shorterSide.median / 32); size < usual; size += 32) {
    const smaller = { inputSize: [size, size] as const, cropPct: 1 }
    if (canBuild(smaller)) return smaller
  }
  return {}
}

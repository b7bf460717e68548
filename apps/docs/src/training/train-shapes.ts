// #region train
import {
  type Callback,
  createRegistry,
  type Dataset,
  type Device,
  type Model,
} from '@convkit/core'
import { onnxWebEngine } from '@convkit/engine-onnx/web'
import { adamW, cosine, crossEntropy, fit, topK } from '@convkit/train'
import zoo from '@convkit/zoo'
import { type NetworkName, networks } from './networks.js'

export interface TrainOptions {
  readonly network: NetworkName
  readonly device: Device
  readonly epochs: number
  readonly size: number
}

/** Trains a small network in the page, on drawings. */
export async function trainShapes(
  train: Dataset,
  validation: Dataset,
  { network, device, epochs, size }: TrainOptions,
  callbacks: readonly Callback[],
): Promise<Model> {
  const model = await networks[network].create({
    registry: createRegistry(zoo),
    engine: await onnxWebEngine({ device }),
    classes: train.classes,
    preprocessing: { inputSize: [size, size], channels: 3, cropPct: 1 },
  })
  await fit(model, train, {
    validation,
    epochs,
    batchSize: 16,
    optimizer: adamW({ learningRate: 5e-3 }),
    schedule: cosine({ warmup: { epochs: 0.5 } }),
    loss: crossEntropy({ labelSmoothing: 0.05 }),
    metrics: [topK(1)],
    callbacks,
  })
  return model
}
// #endregion train

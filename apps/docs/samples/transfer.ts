import type { Model } from '@convkit/core'

// #region two-phases
import { createModel } from '@convkit/core'
import { imageFolder } from '@convkit/data'
import { fineTune } from '@convkit/transfer'
import '@convkit/engine-onnx/register'
import '@convkit/weights/register'
import '@convkit/zoo/register'

const data = await imageFolder('photos', { validation: 0.2, seed: 1 })
const pretrained: Model = await createModel('resnet50', {
  weights: 'a1_in1k',
  classes: data.train.classes,
})
await fineTune(pretrained, data.train, {
  epochs: 5,
  freezeEpochs: 2,
  validation: data.validation,
})

// #endregion two-phases

// #region auto
import { adamW, fit } from '@convkit/train'
import { autoStrategy, withCachedFeatures } from '@convkit/transfer'

const { model, phases, learningRate, reason } = await autoStrategy(
  pretrained,
  data.train,
)
console.log(reason)
await fit(model, data.train, {
  validation: data.validation,
  epochs: 10,
  optimizer: adamW({ learningRate }),
  phases: await withCachedFeatures(model, phases, data),
})

// #endregion auto

// #region by-hand
import {
  decayByDepth,
  freezeUpTo,
  replaceHead,
  unfreeze,
} from '@convkit/transfer'

// a head of your own on an earlier stage
const shallow = await replaceHead(pretrained, {
  stages: ['layer3'],
  hidden: 256,
  dropRate: 0.2,
})
// layers that stay as they are, and smaller rates for earlier ones
await fit(shallow, data.train, {
  epochs: 5,
  isFrozen: freezeUpTo(shallow, 'layer2'),
  learningRateOf: decayByDepth(shallow, 0.7),
})
// thawing in steps
await fit(pretrained, data.train, {
  epochs: 6,
  callbacks: [
    unfreeze({
      steps: [
        { epoch: 0 },
        { epoch: 3, frozen: { upTo: 'layer2' }, learningRates: { decay: 0.5 } },
      ],
    }),
  ],
})

// #endregion by-hand

// #region measure
import { embeddings, measureStages } from '@convkit/transfer'

// how well each stage tells the classes apart
export const stages = await measureStages(pretrained, data.train)
export const vectors = await embeddings(pretrained, data.train)
// #endregion measure

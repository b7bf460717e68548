// #region train
import { simpleLog } from '@convkit/callbacks'
import { createModel, register } from '@convkit/core'
import { imageFolder, readImage } from '@convkit/data'
import onnx from '@convkit/engine-onnx'
import { crossEntropy, fit, sgd, topK } from '@convkit/train'
import zoo from '@convkit/zoo'

register(zoo, onnx)
const { train, validation } = await imageFolder('photos', {
  validation: 0.2,
  seed: 1,
})
const model = await createModel('resnet18', { classes: train.classes })
await fit(model, train, {
  validation,
  epochs: 10,
  batchSize: 32,
  optimizer: sgd({
    learningRate: 0.05,
    momentum: 0.9,
    nesterov: true,
    weightDecay: 1e-4,
  }),
  loss: crossEntropy({ labelSmoothing: 0.1 }),
  metrics: [topK(1), topK(5)],
  callbacks: [simpleLog()],
})
const [best] = await model.predict(await readImage('cat.jpg'), { top: 1 })
console.log(best) // { index, label, probability }

// #endregion train

// #region save
import { loadModel, saveModel } from '@convkit/core/node'

// config.json and model.safetensors, as timm has them
await saveModel(model, 'cats-and-dogs')
const again = await loadModel('cats-and-dogs')
// #endregion save
console.log(again.name)

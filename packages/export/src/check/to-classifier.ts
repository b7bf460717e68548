import { type Classifier, type Model, preprocess } from '@convkit/core'
import type { ExportedModel } from './exported-model.js'

/**
 * An exported model on images of any size, prepared as the model's record says where it does not do that itself: for
 * `evaluateClassifier`.
 */
export function toClassifier(
  exported: ExportedModel,
  { classes, preprocessing, severalLabels = false }: Model,
): Classifier {
  const probabilitiesOf = severalLabels ? sigmoid : softmax
  return {
    classes,
    async infer(images) {
      const prepared = exported.takesAnySize
        ? images
        : images.map((image) => preprocess(image, preprocessing))
      const logits = await exported.run(prepared)
      const probabilities = new Float32Array(logits.length)
      for (let from = 0; from < logits.length; from += classes.length)
        probabilities.set(probabilitiesOf(logits.subarray(from, from + classes.length)), from)
      return { probabilities }
    },
  }
}

const sigmoid = (logits: Float32Array) => logits.map((logit) => 1 / (1 + Math.exp(-logit)))

function softmax(logits: Float32Array): Float32Array {
  const most = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - most))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

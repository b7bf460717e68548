import type { Preprocessing } from '@convkit/core'

/** What the networks of the Inception family see: 299×299 pixels in [−1, 1]. */
export const inceptionPreprocessing = {
  inputSize: [299, 299],
  interpolation: 'bicubic',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
} satisfies Partial<Preprocessing>

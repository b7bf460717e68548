/** Update rules, by the names of the command line. */
export const optimizers = ['adamw', 'adam', 'sgd', 'rmsprop'] as const

/** Courses of the learning rate, by the names of the command line. */
export const schedules = ['cosine', 'constant', 'step', 'one-cycle', 'polynomial'] as const

/** Averages of the weights: none, exponential, or stochastic, over the last epochs. */
export const averages = ['none', 'ema', 'swa'] as const

/** Ways to use pretrained weights, by the names of the command line. */
export const strategies = [
  'feature-extraction',
  'fine-tune-top',
  'fine-tune-all',
  'shallow-features',
  'auto',
] as const

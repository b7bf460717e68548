/** CIFAR-10's images: 32×32 pixels, with the mean and standard deviation of its training set. */
export const cifarPreprocessing = {
  inputSize: [32, 32],
  cropPct: 1,
  mean: [0.4914, 0.4822, 0.4465],
  std: [0.247, 0.2435, 0.2616],
} as const

import { type CreateModelOptions, createModel, type Model } from '@convkit/core'

type Common = Pick<
  CreateModelOptions,
  | 'classes'
  | 'engine'
  | 'preprocessing'
  | 'seed'
  | 'registry'
  | 'predictBatchSize'
>

/** Networks that are small enough to be trained in a page, by what they are called there. */
export const networks = {
  resnet8: {
    label: 'ResNet-8: one residual block a stage',
    create: (options: Common) =>
      createModel('resnet20', { ...options, config: { layers: [1, 1, 1] } }),
  },
  lenet: {
    label: 'LeNet-5 with batch-norm and ReLU',
    create: (options: Common) => createModel('lenet5_modern', options),
  },
} satisfies Record<
  string,
  { label: string; create: (options: Common) => Promise<Model> }
>

export type NetworkName = keyof typeof networks

import {
  type Activation,
  activate,
  batchNorm,
  classifier,
  conv2d,
  dense,
  denseOverMap,
  torchBias,
} from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, type Scope, torchDefault } from '@convkit/core'
import {
  averagePool2d,
  maxPool2d,
  type Padding2d,
  type PaddingOption,
  type SymbolicTensor,
} from '@convkit/graph'
import { variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof lenet> {}
}

/** What makes a LeNet. */
export interface LeNetConfig {
  /** Maps of the two convolutions. */
  readonly filters: readonly [number, number]
  readonly activation: Activation
  readonly pool: 'average' | 'max'
  /** Whether batch-norm follows both convolutions; false by default. */
  readonly norm?: boolean
  /** Dropout before the classifier; 0 by default. */
  readonly dropRate?: number
}

/**
 * LeNet-5 (LeCun et al. 1998, "Gradient-based learning applied to document recognition") in the form it is known by
 * today: the second convolution sees all maps of the first, pools have no parameters, the output is a dense layer with
 * softmax instead of distances to drawn digits. 61,706 parameters for ten digits.
 *
 * The paper's input is 32×32; a smaller one, such as MNIST's 28×28, is padded to that by the first convolution.
 */
export const lenet = defineArchitecture<LeNetConfig, keyof typeof variants>({
  name: 'lenet',
  classes: 10,
  source: 'http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf',
  variants,
  preprocessing: { inputSize: [28, 28], channels: 1, cropPct: 1, mean: [0.1307], std: [0.3081] },
  firstConvolution: 'conv1',
  classifier: 'fc3',
  build(net, image, { filters, activation, dropRate, ...rest }) {
    const stage = { ...rest, activation }
    const first = convStage(net, 1, image, { ...stage, filters: filters[0], padding: paddingTo32(image) })
    const second = convStage(net, 2, first, { ...stage, filters: filters[1], padding: 0 })
    const fc1 = activate(denseOverMap(net.scope('fc1'), second, { units: 120 }), activation)
    const x = activate(dense(net.scope('fc2'), fc1, { units: 84 }), activation)
    return classifier(net, x, { name: 'fc3', dropRate })
  },
})

interface StageOptions extends Pick<LeNetConfig, 'activation' | 'pool' | 'norm'> {
  readonly filters: number
  readonly padding: PaddingOption
}

/** 5×5 convolution, activation, 2×2 pool: 32×32 (with padding) → 14×14 → 5×5. */
function convStage(net: Scope, index: number, x: SymbolicTensor, options: StageOptions): SymbolicTensor {
  const { activation, pool, norm, filters, padding } = options
  const convolved = conv2d(net.scope(`conv${index}`), x, {
    filters,
    padding,
    kernelSize: 5,
    bias: true,
    initializer: torchDefault,
    biasInitializer: torchBias(25 * (x.shape.at(-1) ?? 0)),
  })
  const normalized = norm ? batchNorm(net.scope(`bn${index}`), convolved) : convolved
  const pool2d = pool === 'max' ? maxPool2d : averagePool2d
  return net.feature(`conv${index}`, pool2d(activate(normalized, activation), { size: 2 }))
}

function paddingTo32({ shape: [, h = 0, w = 0] }: SymbolicTensor): Padding2d {
  const axis = (size: number): [number, number] => {
    const missing = Math.max(0, 32 - size)
    return [Math.floor(missing / 2), Math.ceil(missing / 2)]
  }
  return [...axis(h), ...axis(w)]
}

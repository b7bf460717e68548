import { type Branches, classifier, convNormAct, dense, dropout, inception } from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, imagenetMean, imagenetStd, type Scope } from '@convkit/core'
import { add, flatten, maxPool2d, multiply, relu, type SymbolicTensor, vector } from '@convkit/graph'
import { type Design, designs } from './designs.js'
import { variantPreprocessing, variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof googlenet> {}
}

/** Filters of a module: 1×1; 3×3 reduce, 3×3; 5×5 reduce, 5×5; pool projection. */
type ModuleFilters = readonly [number, number, number, number, number, number]

/** What makes a GoogLeNet. */
export interface GoogLeNetConfig {
  /**
   * `torchvision` has a batch-norm after each convolution and 3×3 kernels where the paper has 5×5; `paper` has biases and
   * local response normalisation.
   */
  readonly design: keyof typeof designs
  /** Modules of each stage, by name. The output of a stage's last one is a feature. */
  readonly stages: readonly Readonly<Record<string, ModuleFilters>>[]
  /**
   * Whether pixels that were normalised with ImageNet's statistics are brought to mean 0.5 and deviation 0.5, which
   * torchvision's weights were trained for; false by default.
   */
  readonly transformInput?: boolean
  /** Dropout before the classifier; 0 by default. */
  readonly dropRate?: number
  /** Dropout in the auxiliary heads; 0 by default. */
  readonly auxiliaryDropRate?: number
  /** Weight of each auxiliary head's loss; 0.3 by default, 0 leaves the heads out. */
  readonly auxiliaryWeight?: number
}

/** Auxiliary heads and the modules that they follow. */
const auxiliaryHeads = { aux1: 'inception4a', aux2: 'inception4d' }

/**
 * GoogLeNet, also called Inception v1 (Szegedy et al. 2015, "Going deeper with convolutions"), with torchvision's names:
 * nine modules of parallel branches, and in training two auxiliary classifiers halfway, `aux1` and `aux2`.
 */
export const googlenet = defineArchitecture<GoogLeNetConfig, keyof typeof variants>({
  name: 'googlenet',
  source: 'https://arxiv.org/abs/1409.4842',
  variants,
  variantPreprocessing,
  firstConvolution: 'conv1.conv',
  classifier: 'fc',
  build(net, image, config) {
    const design: Design = designs[config.design]
    const modules = inceptionModules(net, stem(net, image, config, design), config, design)
    const { auxiliaryWeight = 0.3, auxiliaryDropRate, dropRate } = config
    if (net.mode === 'train' && net.classes > 0 && auxiliaryWeight > 0) {
      for (const [head, name] of Object.entries(auxiliaryHeads)) {
        const x = modules.get(name)
        if (x) net.auxiliary(auxiliary(net.scope(head), x, design, auxiliaryDropRate), auxiliaryWeight)
      }
    }
    const x = [...modules.values()].at(-1) as SymbolicTensor // [n, h/32, w/32, 1024]
    return classifier(net, x, { dropRate, ...design.output })
  },
})

/** `[n, h, w, c]` → `[n, h/4, w/4, 192]` */
function stem(net: Scope, image: SymbolicTensor, config: GoogLeNetConfig, design: Design): SymbolicTensor {
  const { convolution, normalize } = design
  const pixels = config.transformInput ? transformInput(image) : image
  const convolve = (name: string, y: SymbolicTensor, filters: number, kernelSize: number, strides = 1) =>
    convNormAct(net.scope(name), y, { ...convolution, filters, kernelSize, strides })

  const wide = net.feature('conv1', convolve('conv1', pixels, 64, 7, 2)) // [n, h/2, w/2, 64]
  const bottleneck = convolve('conv2', normalize(halve(wide, 3)), 64, 1) // [n, h/4, w/4, 64]
  return net.feature('conv3', normalize(convolve('conv3', bottleneck, 192, 3)))
}

/** The outputs of all modules by name; a pool halves the map before each stage. */
function inceptionModules(
  net: Scope,
  stemmed: SymbolicTensor,
  { stages }: GoogLeNetConfig,
  design: Design,
): Map<string, SymbolicTensor> {
  const { convolution, lastPool } = design
  const outputs = new Map<string, SymbolicTensor>()
  stages.reduce((x, stage, index) => {
    let y = halve(x, index === stages.length - 1 ? lastPool : 3)
    for (const [name, filters] of Object.entries(stage)) {
      y = inception(net.scope(name), y, { branches: branchesOf(filters, design), convolution })
      outputs.set(name, y)
    }
    return net.feature(Object.keys(stage).at(-1) ?? '', y)
  }, stemmed)
  return outputs
}

function branchesOf(filters: ModuleFilters, { wideKernel }: Design): Branches {
  const [pointwise, reduce3, wide3, reduce5, wide5, projection] = filters
  return {
    branch1: [pointwise],
    branch2: [reduce3, { filters: wide3, kernelSize: 3 }],
    branch3: [reduce5, { filters: wide5, kernelSize: wideKernel }],
    branch4: [{ pool: 'max', size: 3, strides: 1, padding: 1 }, projection],
  }
}

/** `[n, h, w, c]` → `[n, ⌈h/2⌉, ⌈w/2⌉, c]`, roughly: the last window may hang over the border. */
const halve = (x: SymbolicTensor, size: number) => maxPool2d(x, { size, strides: 2, ceilMode: true })

/** `[n, h, w, c]` → logits `[n, classes]` */
function auxiliary(net: Scope, x: SymbolicTensor, design: Design, dropRate?: number): SymbolicTensor {
  const pooled = design.auxiliaryPool(x) // [n, 4, 4, c]
  const bottleneck = convNormAct(net.scope('conv'), pooled, {
    ...design.convolution,
    filters: 128,
    kernelSize: 1,
  })
  const wide = relu(dense(net.scope('fc1'), flatten(bottleneck), { units: 1024, ...design.hidden }))
  const dropped = dropout(net.scope('dropout'), wide, { rate: dropRate })
  return dense(net.scope('fc2'), dropped, { units: net.classes, ...design.output })
}

/** From ImageNet's mean and deviation to 0.5 and 0.5; of another number of channels their averages. */
function transformInput(x: SymbolicTensor): SymbolicTensor {
  const channels = x.shape.at(-1) ?? 0
  const fit = (values: readonly number[]) =>
    channels === values.length
      ? values
      : new Array<number>(channels).fill(values.reduce((a, b) => a + b) / values.length)
  const scale = fit(imagenetStd).map((std) => std / 0.5)
  const offset = fit(imagenetMean).map((mean) => (mean - 0.5) / 0.5)
  return add(multiply(x, vector(scale)), vector(offset))
}

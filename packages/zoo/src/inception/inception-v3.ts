import {
  adaptiveAveragePool,
  type Branches,
  type BranchStep,
  classifier,
  type HiddenLayer,
  inception,
} from '@convkit/blocks'
import { type ConfigsOf, defineArchitecture, normal, type Scope } from '@convkit/core'
import { averagePool2d, type SymbolicTensor } from '@convkit/graph'
import { inceptionPreprocessing } from './preprocessing.js'
import { convolutions, halve, reduce, same, valid } from './steps.js'
import { inceptionV3Variants as variants } from './variants.js'

declare module '@convkit/core' {
  interface ModelConfigs extends ConfigsOf<typeof inceptionV3> {}
}

/** What makes an Inception v3. */
export interface InceptionV3Config {
  /** Modules of each stage, by name. The output of a stage's last one is a feature. */
  readonly stages: readonly Readonly<Record<string, Branches>>[]
  /** Whether the zeros around a map count in the modules' average pools; true by default, as timm's, and false in Keras's. */
  readonly countPadding?: boolean
  /** Dense layers between the pooled features and the classifier; none by default. */
  readonly hidden?: readonly HiddenLayer[]
  /** Dropout before the classifier; 0 by default, as timm's (the paper's network has 0.2). */
  readonly dropRate?: number
  /** Weight of the auxiliary head's loss; 0.4 by default, as the authors' code has it, 0 leaves the head out. */
  readonly auxiliaryWeight?: number
}

const convolution = { norm: { epsilon: 1e-3 }, initializer: normal(0.1) }

/**
 * Inception v3 (Szegedy et al. 2016, "Rethinking the Inception architecture for computer vision"), with timm's names and
 * first values, and in training the auxiliary classifier `AuxLogits` on the last 17×17 map.
 */
export const inceptionV3 = defineArchitecture<InceptionV3Config, keyof typeof variants>({
  name: 'inception-v3',
  source: 'https://arxiv.org/abs/1512.00567',
  variants,
  preprocessing: inceptionPreprocessing,
  firstConvolution: 'Conv2d_1a_3x3.conv',
  classifier: 'fc',
  build(net, image, { stages, countPadding = true, hidden, dropRate, auxiliaryWeight = 0.4 }) {
    const withHead = net.mode === 'train' && net.classes > 0 && auxiliaryWeight > 0
    const x = stages.reduce(
      (input, modules, stage) => {
        const y = mixed(net, input, modules, countPadding)
        // The head is on the last map but one.
        if (withHead && stage === stages.length - 2) {
          net.auxiliary(auxiliary(net.scope('AuxLogits'), y), auxiliaryWeight)
        }
        return y
      },
      stem(net, image),
    ) // [n, 8, 8, 2048] of 299×299 pixels
    return classifier(net, x, { hidden, dropRate, initializer: normal(0.1) })
  },
})

/** `[n, 299, 299, c]` → `[n, 35, 35, 192]` */
function stem(net: Scope, image: SymbolicTensor): SymbolicTensor {
  const opening = { Conv2d_1a_3x3: reduce(32), Conv2d_2a_3x3: valid(32, 3), Conv2d_2b_3x3: same(64, 3) }
  const opened = net.feature('Conv2d_2b_3x3', convolutions(net, image, opening, convolution))
  const rest = { Conv2d_3b_1x1: same(80, 1), Conv2d_4a_3x3: valid(192, 3) }
  return halve(net.feature('Conv2d_4a_3x3', convolutions(net, halve(opened), rest, convolution)))
}

function mixed(
  net: Scope,
  x: SymbolicTensor,
  modules: Readonly<Record<string, Branches>>,
  countPadding: boolean,
): SymbolicTensor {
  const y = Object.entries(modules).reduce((input, [name, given]) => {
    const branches = countPadding ? given : withoutCountingPadding(given)
    return inception(net.scope(name), input, { branches, convolution })
  }, x)
  return net.feature(Object.keys(modules).at(-1) ?? '', y)
}

function withoutCountingPadding(branches: Branches): Branches {
  const change = (step: BranchStep): BranchStep =>
    typeof step === 'object' && 'pool' in step ? { ...step, countPadding: false } : step
  return Object.fromEntries(Object.entries(branches).map(([name, steps]) => [name, steps.map(change)]))
}

/**
 * `[n, h, w, c]` → logits `[n, classes]`. At 17×17 a pool leaves 5×5, which the second convolution sees at once; a map
 * that is too small for that is averaged or stretched to 5×5.
 */
function auxiliary(net: Scope, x: SymbolicTensor): SymbolicTensor {
  const [, h = 0, w = 0] = x.shape
  const pooled =
    Math.min(h, w) < 17 ? adaptiveAveragePool(x, [5, 5]) : averagePool2d(x, { size: 5, strides: 3 })
  const y = convolutions(net, pooled, { conv0: same(128, 1), conv1: valid(768, 5) }, convolution)
  return classifier(net, y, { initializer: normal(0.001) })
}

import { adaptiveAveragePool, type ConvNormActOptions, type DenseOptions } from '@convkit/blocks'
import { constantValue, type Initializer, normal, uniform, zeros } from '@convkit/core'
import { averagePool2d, localResponseNorm, type SymbolicTensor, sizeOf } from '@convkit/graph'

/** Where the paper's network and torchvision's differ. */
export interface Design {
  /** Kernel of the third branch. */
  readonly wideKernel: 3 | 5
  /** Side of the pool before the last stage. */
  readonly lastPool: 2 | 3
  readonly convolution: Pick<ConvNormActOptions, 'norm' | 'initializer' | 'biasInitializer'>
  /** Wide layers of the auxiliary heads. */
  readonly hidden: Pick<DenseOptions, 'initializer' | 'biasInitializer'>
  /** Layers that give logits. */
  readonly output: Pick<DenseOptions, 'initializer' | 'biasInitializer'>
  /** `[n, h, w, c]` → `[n, h, w, c]`, after the first pool and before the second. */
  normalize(x: SymbolicTensor): SymbolicTensor
  /** `[n, h, w, c]` → `[n, 4, 4, c]`, where an auxiliary head begins. */
  auxiliaryPool(x: SymbolicTensor): SymbolicTensor
}

/** ±√(3 / fan-in): what Caffe calls xavier. */
const caffeXavier: Initializer = (shape, random) => {
  const bound = Math.sqrt(3 / sizeOf(shape.slice(1)))
  return uniform(-bound, bound)(shape, random)
}
const paperStart = { initializer: caffeXavier, biasInitializer: constantValue(0.2) }

const torchvisionStart = { initializer: normal(0.01) }

export const designs = {
  torchvision: {
    wideKernel: 3,
    lastPool: 2,
    convolution: { norm: { epsilon: 1e-3 }, ...torchvisionStart },
    hidden: torchvisionStart,
    output: torchvisionStart,
    normalize: (x) => x,
    auxiliaryPool: (x) => adaptiveAveragePool(x, [4, 4]),
  },
  // The paper does not say how weights start; these are the first values of its port to Caffe.
  paper: {
    wideKernel: 5,
    lastPool: 3,
    convolution: { norm: false, ...paperStart },
    hidden: paperStart,
    output: { ...paperStart, biasInitializer: zeros },
    normalize: localResponseNorm,
    auxiliaryPool: windowsTo4x4,
  },
} satisfies Record<string, Design>

/** Equal windows that cover a map: at 14×14 the paper's, 5×5 with stride 3. A map below 4×4 is stretched. */
function windowsTo4x4(x: SymbolicTensor): SymbolicTensor {
  const [, h = 0, w = 0] = x.shape
  if (Math.min(h, w) < 4) return adaptiveAveragePool(x, [4, 4])
  const strides = [Math.floor(h / 4), Math.floor(w / 4)] as const
  return averagePool2d(x, { size: [h - 3 * strides[0], w - 3 * strides[1]], strides })
}

import fixture from '../fixtures/torch.json' with { type: 'json' }

type Options = Readonly<Record<string, unknown>>

interface LossCase {
  readonly name: string
  readonly options: Options
  readonly loss: number
  readonly gradient: number[]
}

interface TorchFixture {
  readonly problem: {
    readonly images: number
    readonly features: number
    readonly classes: number
    readonly x: number[]
    readonly labels: number[]
    readonly weight: number[]
    readonly bias: number[]
    readonly logits: number[]
  }
  readonly losses: readonly LossCase[]
  /** Other labels of the problem's images, and the shares of their own. */
  readonly mixed: { readonly labels: number[]; readonly shares: number[] }
  readonly softLosses: readonly LossCase[]
  /** Any number of labels of the problem's images: `[images, classes]`. */
  readonly several: number[]
  readonly severalLosses: readonly LossCase[]
  readonly optimizers: readonly {
    name: string
    options: Options
    steps: readonly { weight: number[]; bias: number[] }[]
  }[]
  readonly clipping: readonly { options: Options; weight: number[]; bias: number[] }[]
}

/** What PyTorch computes; written by tools/fixtures/train.py. */
export const torch: TorchFixture = fixture

/** The largest difference of two lists of numbers. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.NaN
  return Math.max(...Array.from(actual, (value, i) => Math.abs(value - (expected[i] as number))))
}

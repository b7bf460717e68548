import type { WeightsTag } from '@convkit/core'

/** A network of the zoo as `convkit models --json` lists it. */
export interface ListedModel {
  readonly name: string
  readonly family: string
  readonly parameters: number
  /** Multiply-accumulates of one image. */
  readonly macs: number
  readonly input: readonly [height: number, width: number, channels: number]
  readonly weights: readonly WeightsTag[]
}

import type { Preprocessing } from '@convkit/core'
import { denseNet } from './families/densenet.js'
import { inceptionV3 } from './families/inception-v3.js'
import { mobileNet } from './families/mobilenet.js'
import { mobileNetV2 } from './families/mobilenet-v2.js'
import { resNet } from './families/resnet.js'
import { resNetV2 } from './families/resnet-v2.js'
import { vgg } from './families/vgg.js'
import type { KerasModel } from './keras-model.js'

/** How a family of keras.applications becomes networks of the zoo: data. */
export interface KerasFamily {
  /** The zoo's name of each of Keras's networks. */
  readonly models: Readonly<Record<string, string>>
  /**
   * Paths of the zoo's layers, as regular expressions, with Keras's layers; the first that matches holds. In a text,
   * `{1}` is the first group, `{1+1}` that plus one, and `{#}` counts the layers that match from zero on; `nth` is a
   * regular expression of layers, of which the first belongs to the first, in the order of the numbers in their names.
   */
  readonly layers: readonly (readonly [path: string, layer: string | { readonly nth: string }])[]
  /** Config of the zoo's network where Keras's differs. */
  readonly config?: Readonly<Record<string, unknown>>
  /** The same as far as it depends on the file. */
  readonly configOf?: (model: KerasModel) => Readonly<Record<string, unknown>>
  readonly preprocessing: Partial<Preprocessing>
  /** Whether the network was trained on BGR: the inputs of its first convolution are reversed. */
  readonly bgr?: boolean
}

export const families: readonly KerasFamily[] = [
  vgg,
  resNet,
  resNetV2,
  inceptionV3,
  denseNet,
  mobileNet,
  mobileNetV2,
]

/** The family that a model of the zoo is, if Keras has it. */
export function familyOf(model: string): KerasFamily | undefined {
  return families.find(({ models }) => Object.values(models).includes(model))
}

import { ConvkitError, createVariant, type HeadOptions, type Model, type TensorMap } from '@convkit/core'
import type { LinearProbe } from './linear-probe.js'

/**
 * The same network with another classifier: on its own pooled features or on those of earlier stages, of one or two dense layers
 * with dropout. The body's weights are kept, the head's are drawn by the seed.
 *
 * @throws E_OPTION for a stage that the network has not, or values out of range.
 */
export async function replaceHead(
  model: Model,
  head: HeadOptions,
  {
    seed = model.seed,
    classes = model.classes,
  }: { readonly seed?: number; readonly classes?: readonly string[] } = {},
): Promise<Model> {
  const { variant, config, preprocessing, engine, registry, weights } = model
  const { classifier } = variant.architecture
  const fresh = await createVariant(variant, { classes, config, preprocessing, engine, registry, seed, head })
  const kept: TensorMap = new Map(
    [...fresh.weights].map(([name, tensor]) => [
      name,
      name.startsWith(`${classifier}.`) ? tensor : (weights.get(name) ?? tensor),
    ]),
  )
  fresh.setWeights(kept)
  return fresh
}

/**
 * Gives a classifier of one dense layer the weights of a probe on the features that it sees.
 *
 * @throws E_OPTION when the classifier has other inputs or more layers.
 */
export function setHead(model: Model, { weight, bias }: Pick<LinearProbe, 'weight' | 'bias'>): void {
  const { classifier, head } = model.variant.architecture
  const weights = new Map(model.weights)
  const [own, offset] = [weights.get(`${classifier}.weight`), weights.get(`${classifier}.bias`)]
  if (
    head?.hidden !== undefined ||
    own?.data.length !== weight.length ||
    offset?.data.length !== bias.length
  ) {
    throw new ConvkitError(
      'E_OPTION',
      `The classifier ${classifier} of ${model.name} is not one dense layer of ${weight.length / bias.length} inputs: replaceHead makes one`,
    )
  }
  weights.set(`${classifier}.weight`, { ...own, data: weight })
  weights.set(`${classifier}.bias`, { ...offset, data: bias })
  model.setWeights(weights)
}

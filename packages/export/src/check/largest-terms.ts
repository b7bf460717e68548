import { embedder, type Model, type Pixels } from '@convkit/core'

/**
 * The largest sum, over images and classes, of the sizes of the terms that a logit consists of: `Σ |weight · feature|`.
 * Heads that were fitted to standardised features take small differences of large terms. 0 where the classifier is not
 * one dense layer on the pooled features.
 */
export async function largestTerms(model: Model, images: readonly Pixels[]): Promise<number> {
  const weight = model.weights.get(`${model.variant.architecture.classifier}.weight`)
  const [classes = 0, width = 0] = weight?.shape ?? []
  if (!weight || weight.data.length !== classes * width) return 0
  const sizes = weight.data.map(Math.abs)
  const features = embedder({ ...model, preprocessing: { ...model.preprocessing, cropPct: 1 } })
  try {
    if (features.size !== width) return 0
    const { data } = await features.embed(images)
    let most = 0
    for (let image = 0; image < images.length; image++) {
      for (let label = 0; label < classes; label++) {
        let sum = 0
        for (let i = 0; i < width; i++)
          sum += Math.abs(data[image * width + i] as number) * (sizes[label * width + i] as number)
        most = Math.max(most, sum)
      }
    }
    return most
  } finally {
    await features.dispose()
  }
}

import { ConvkitError } from '@convkit/core'

/**
 * Where the true share lies with 95 % confidence when `correct` of `images` were right (Wilson 1927). Holds for few
 * images and for shares near 0 and 1 too.
 *
 * @throws E_OPTION unless 0 ≤ correct ≤ images and there is an image.
 */
export function wilsonInterval(
  correct: number,
  images: number,
): { readonly low: number; readonly high: number } {
  if (!(images > 0 && correct >= 0 && correct <= images)) {
    throw new ConvkitError(
      'E_OPTION',
      `wilsonInterval: needs 0 ≤ correct ≤ images and an image, got ${correct} of ${images}`,
    )
  }
  const z2 = 1.959963984540054 ** 2
  const share = correct / images
  const centre = share + z2 / (2 * images)
  const reach = Math.sqrt(z2 * ((share * (1 - share)) / images + z2 / (4 * images * images)))
  const scale = 1 + z2 / images
  // Exactly 0 and 1 at the ends, where rounding would leave an epsilon.
  return {
    low: correct === 0 ? 0 : (centre - reach) / scale,
    high: correct === images ? 1 : (centre + reach) / scale,
  }
}

/** `top-1 0.939 (95 % interval 0.87–0.97, n = 82)` */
export function describeShare(name: string, correct: number, images: number): string {
  const { low, high } = wilsonInterval(correct, images)
  return `${name} ${(correct / images).toFixed(3)} (95 % interval ${low.toFixed(2)}–${high.toFixed(2)}, n = ${images})`
}

import type { Pixels } from '@convkit/core'
import sharp from 'sharp'

/** A picture as the address of an image inside a page, at most `side` pixels high and wide. */
export async function dataUri(
  { data, height, width, channels }: Pixels,
  side: number,
  quality = 82,
): Promise<string> {
  const image = sharp(data, { raw: { width, height, channels } })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality })
  return `data:image/webp;base64,${(await image.toBuffer()).toString('base64')}`
}

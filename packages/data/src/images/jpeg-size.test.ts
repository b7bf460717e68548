import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { testJpeg } from '../testing/test-images.js'
import { plainJpegSize } from './jpeg-size.js'

test('is what libvips says', async () => {
  for (const progressive of [false, true]) {
    const jpeg = await sharp(await testJpeg(37, 211))
      .jpeg({ progressive })
      .toBuffer()
    expect(plainJpegSize(jpeg)).toEqual({ height: 37, width: 211 })
  }
})

test('is left to libvips where EXIF may turn the image', async () => {
  const turned = await sharp(await testJpeg(37, 211))
    .withMetadata({ orientation: 6 })
    .toBuffer()
  expect(plainJpegSize(turned)).toBeUndefined()
  expect((await sharp(turned).metadata()).autoOrient).toEqual({ height: 211, width: 37 })
})

test('any bytes give a size or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, ...bytes)
      const { height = 0, width = 0 } = plainJpegSize(jpeg) ?? {}
      expect(height >= 0 && width >= 0).toBe(true)
    }),
  )
})

import type { Pixels } from '@convkit/core'
import fixture from '../fixtures/torchvision.json' with { type: 'json' }

interface TorchvisionFixture {
  readonly height: number
  readonly width: number
  readonly rgb: string
  readonly grey: string
  readonly calls: readonly {
    readonly call: string
    readonly arguments: readonly unknown[]
    readonly channels: number
    readonly pixels: string
  }[]
  readonly spaces: Readonly<
    Record<
      string,
      readonly {
        readonly operation: string
        readonly level: number
        readonly signed: boolean
        /** Its beginning, of the pixels. */
        readonly sha256: string
      }[]
    >
  >
  readonly timm: Readonly<Record<string, readonly number[]>>
  readonly policies: Readonly<Record<string, readonly unknown[]>>
}

/** What torchvision and timm make of an image; written by tools/fixtures/augment.py. */
export const torchvision: TorchvisionFixture = fixture

const { height, width, rgb, grey } = torchvision
export const colorImage: Pixels = { height, width, channels: 3, data: decoded(rgb) }
export const greyImage: Pixels = { height, width, channels: 1, data: decoded(grey) }

export function decoded(pixels: string): Uint8Array {
  return new Uint8Array(Buffer.from(pixels, 'base64'))
}

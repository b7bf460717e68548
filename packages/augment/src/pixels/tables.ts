import type { Pixels } from '@convkit/core'

/** A value for each of the 256 that a byte can have; values are cut off to a byte. */
export function tableOf(value: (byte: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => Math.max(0, Math.min(255, Math.trunc(value(byte)))))
}

/** Every byte replaced by its entry. */
export function mapBytes({ data, ...extent }: Pixels, table: Uint8Array): Pixels {
  const mapped = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) mapped[i] = table[data[i] as number] as number
  return { ...extent, data: mapped }
}

/** Every byte replaced by its entry in the table of its channel. */
export function mapChannels(image: Pixels, tables: readonly Uint8Array[]): Pixels {
  const { data, channels } = image
  const [first, second, third] = tables as [Uint8Array, Uint8Array, Uint8Array]
  if (channels === 1) return mapBytes(image, first)
  const mapped = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i += 3) {
    mapped[i] = first[data[i] as number] as number
    mapped[i + 1] = second[data[i + 1] as number] as number
    mapped[i + 2] = third[data[i + 2] as number] as number
  }
  return { ...image, data: mapped }
}

/** How often each byte occurs, for each channel. */
export function histograms({ data, channels }: Pixels): Uint32Array[] {
  const counts = Array.from({ length: channels }, () => new Uint32Array(256))
  for (const [channel, count] of counts.entries()) {
    for (let i = channel; i < data.length; i += channels) (count[data[i] as number] as number)++
  }
  return counts
}

import type { Pixels } from '@convkit/core'
import { mapBytes, tableOf } from '../pixels/tables.js'

/** Makes bytes below 128 brighter. */
export function solarizeAdd(image: Pixels, added: number): Pixels {
  return mapBytes(
    image,
    tableOf((byte) => (byte < 128 ? byte + added : byte)),
  )
}

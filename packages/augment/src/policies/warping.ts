import type { WarpOptions } from '../pixels/warp.js'
import { choice, type Fields, fillColor } from '../shared/options.js'

/** How policies move pixels: as torchvision, by the nearest pixel and in from black, unless they are told otherwise. */
export const policyWarping: Fields<WarpOptions> = {
  interpolation: choice('nearest', ['nearest', 'bilinear']),
  fill: fillColor(0),
}

// #region sample
import { convolve, mapOf, measure } from './measure.js'

const map = mapOf(64)
// { parameters: 200704, macs: 629407744, sees: 7 }
export const one7x7 = measure(map, convolve(map, 64, 7))

const twice = convolve(convolve(map, 64, 3), 64, 3)
// { parameters: 110592, macs: 346816512, sees: 7 }
export const three3x3 = measure(map, convolve(twice, 64, 3))

// #endregion sample

// #region measure
import { macs, receptiveField } from '@convkit/graph'

const y = convolve(convolve(map, 64, 3), 64, 3)
export const sees = receptiveField(map, y).size // [5, 5]
export const work = macs([y]) // 231211008
// #endregion measure

import type { Branches } from '@convkit/blocks'
import { averagePool, maxPool, numbered, reduce, same, valid } from './steps.js'

/** Figure 3 from its first fork on: `[n, h, w, c]` → `[n, ⌊(h − 1)/2⌋, ⌊(w − 1)/2⌋, c + 96]` */
export const mixed3a: Branches = { maxpool: [maxPool], conv: [reduce(96)] }

/** Its second: `[n, h, w, c]` → `[n, h − 2, w − 2, 192]` */
export const mixed4a: Branches = {
  branch0: [64, valid(96, 3)],
  branch1: [64, same(64, [1, 7]), same(64, [7, 1]), valid(96, 3)],
}

/** Its third: `[n, h, w, c]` → `[n, ⌊(h − 1)/2⌋, ⌊(w − 1)/2⌋, 192 + c]` */
export const mixed5a: Branches = { conv: [reduce(192)], maxpool: [maxPool] }

/** Figure 4: `[n, h, w, c]` → `[n, h, w, 384]` */
export const inceptionA: Branches = {
  branch0: [96],
  branch1: [64, same(96, 3)],
  branch2: [64, same(96, 3), same(96, 3)],
  branch3: [averagePool(false), 96],
}

/** Figure 7: `[n, h, w, c]` → `[n, ⌊(h − 1)/2⌋, ⌊(w − 1)/2⌋, 640 + c]` */
export const reductionA: Branches = {
  branch0: [reduce(384)],
  branch1: [192, same(224, 3), reduce(256)],
  branch2: [maxPool],
}

/** Figure 5: `[n, h, w, c]` → `[n, h, w, 1024]` */
export const inceptionB: Branches = {
  branch0: [384],
  branch1: [192, same(224, [1, 7]), same(256, [7, 1])],
  branch2: [192, same(192, [7, 1]), same(224, [1, 7]), same(224, [7, 1]), same(256, [1, 7])],
  branch3: [averagePool(false), 128],
}

/** Figure 8: `[n, h, w, c]` → `[n, ⌊(h − 1)/2⌋, ⌊(w − 1)/2⌋, 512 + c]` */
export const reductionB: Branches = {
  branch0: [192, reduce(192)],
  branch1: [256, same(256, [1, 7]), same(320, [7, 1]), reduce(320)],
  branch2: [maxPool],
}

const rowAndColumn = [same(256, [1, 3]), same(256, [3, 1])]

/** Figure 6: `[n, h, w, c]` → `[n, h, w, 1536]` */
export const inceptionC: Branches = {
  branch0: [256],
  ...numbered('branch1', [384, rowAndColumn], 0),
  ...numbered('branch2', [384, same(448, [3, 1]), same(512, [1, 3]), rowAndColumn], 0),
  branch3: [averagePool(false), 256],
}

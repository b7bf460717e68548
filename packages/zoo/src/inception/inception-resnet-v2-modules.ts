import type { Branches } from '@convkit/blocks'
import { averagePool, maxPool, reduce, same } from './steps.js'

/** `[n, h, w, c]` → `[n, h, w, 320]` */
export const mixed5b: Branches = {
  branch0: [96],
  branch1: [48, same(64, 5)],
  branch2: [64, same(96, 3), same(96, 3)],
  branch3: [averagePool(false), 64],
}

/** Branches of figure 16, 35×35 of 299×299. */
export const block35: Branches = {
  branch0: [32],
  branch1: [32, same(32, 3)],
  branch2: [32, same(48, 3), same(64, 3)],
}

/** Figure 7: `[n, h, w, c]` → `[n, ⌊(h − 1)/2⌋, ⌊(w − 1)/2⌋, 768 + c]` */
export const mixed6a: Branches = {
  branch0: [reduce(384)],
  branch1: [256, same(256, 3), reduce(384)],
  branch2: [maxPool],
}

/** Branches of figure 17, 17×17 of 299×299. */
export const block17: Branches = {
  branch0: [192],
  branch1: [128, same(160, [1, 7]), same(192, [7, 1])],
}

/** Figure 18: `[n, h, w, c]` → `[n, ⌊(h − 1)/2⌋, ⌊(w − 1)/2⌋, 992 + c]` */
export const mixed7a: Branches = {
  branch0: [256, reduce(384)],
  branch1: [256, reduce(288)],
  branch2: [256, same(288, 3), reduce(320)],
  branch3: [maxPool],
}

/** Branches of figure 19, 8×8 of 299×299. */
export const block8: Branches = {
  branch0: [192],
  branch1: [192, same(224, [1, 3]), same(256, [3, 1])],
}

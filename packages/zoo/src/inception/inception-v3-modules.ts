import type { Branches } from '@convkit/blocks'
import { averagePool, maxPool, numbered, reduce, same } from './steps.js'

/** Figure 5: two 3×3 convolutions see what one of 5×5 sees. `[n, h, w, c]` → `[n, h, w, 224 + poolFilters]` */
export function inceptionA(poolFilters: number): Branches {
  return {
    branch1x1: [64],
    ...numbered('branch5x5', [48, same(64, 5)]),
    ...numbered('branch3x3dbl', [64, same(96, 3), same(96, 3)]),
    ...numbered('branch_pool', [averagePool(true), poolFilters]),
  }
}

/** Figure 10: `[n, h, w, c]` → `[n, ⌊(h − 1)/2⌋, ⌊(w − 1)/2⌋, 480 + c]` */
export const reductionA: Branches = {
  branch3x3: [reduce(384)],
  ...numbered('branch3x3dbl', [64, same(96, 3), reduce(96)]),
  pool: [maxPool],
}

/** Figure 6: 7×7 convolutions as rows and columns of `width` filters. `[n, h, w, c]` → `[n, h, w, 768]` */
export function inceptionB(width: number): Branches {
  const row = same(width, [1, 7])
  const column = same(width, [7, 1])
  return {
    branch1x1: [192],
    ...numbered('branch7x7', [width, row, same(192, [7, 1])]),
    ...numbered('branch7x7dbl', [width, column, row, column, same(192, [1, 7])]),
    ...numbered('branch_pool', [averagePool(true), 192]),
  }
}

/** `[n, h, w, c]` → `[n, ⌊(h − 1)/2⌋, ⌊(w − 1)/2⌋, 512 + c]` */
export const reductionB: Branches = {
  ...numbered('branch3x3', [192, reduce(320)]),
  ...numbered('branch7x7x3', [192, same(192, [1, 7]), same(192, [7, 1]), reduce(192)]),
  pool: [maxPool],
}

/** Figure 7, the widest: `[n, h, w, c]` → `[n, h, w, 2048]` */
export const inceptionC: Branches = {
  branch1x1: [320],
  ...numbered('branch3x3', [384, rowAndColumn(384)]),
  ...numbered('branch3x3dbl', [448, same(384, 3), rowAndColumn(384)]),
  ...numbered('branch_pool', [averagePool(true), 192]),
}

function rowAndColumn(filters: number) {
  return [same(filters, [1, 3]), same(filters, [3, 1])]
}

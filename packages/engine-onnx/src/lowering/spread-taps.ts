import type { Padding2d, Pair, Shape, SymbolicTensor } from '@convkit/graph'
import type { Context } from './context.js'
import { interleave } from './interleave.js'
import { type Phases, phasesOf } from './phases.js'

export interface Windows {
  readonly size: Pair
  readonly strides: Pair
  readonly padding: Padding2d
}

/** A map of a window's outputs, moved. */
export interface Shift {
  /** `[n, h, w, c]` of the map as it is. */
  readonly shape: Shape
  /** The result's value at q is the map's at `q + offset`, 0 beyond it. */
  readonly offsets: Pair
  /** `[h, w]` of the result. */
  readonly lengths: Pair
}

/**
 * Shares the gradients of windows' maxima among their taps, row by row: the first tap whose value is the maximum takes
 * the gradient, and nothing of it is left for others.
 *
 * @param isMaximum a map of 1 where the value that a tap read is its window's maximum, 0 elsewhere.
 */
export function takeByTaps(
  { graph }: Pick<Context, 'graph'>,
  gradient: string,
  size: Pair,
  isMaximum: (tap: Pair) => string,
): string[] {
  let rest = gradient
  return Array.from({ length: size[0] * size[1] }, (_, tap) => {
    const mine = graph.add('Mul', [rest, isMaximum([Math.floor(tap / size[1]), tap % size[1]])])
    rest = graph.add('Sub', [rest, mine])
    return mine
  })
}

/**
 * Adds what each tap of a window took to the positions that it read: for each phase of the stride a map, and the maps
 * interleave.
 *
 * @param shifted moves a map, and adds it to `sum` if there is one.
 */
export function spreadTaps(
  { graph, block }: Pick<Context, 'graph' | 'block'>,
  taken: readonly string[],
  [x, y]: readonly [x: SymbolicTensor, y: SymbolicTensor],
  { size, strides, padding }: Windows,
  shifted: (map: string, shift: Shift, sum: string | undefined) => string,
): string {
  const [n, h, w, c] = x.shape as [number, number, number, number]
  const axis = (at: 0 | 1): Phases => {
    const [input, output] = [x.shape[at + 1]!, y.shape[at + 1]!]
    const window = {
      input,
      output,
      kernel: size[at],
      stride: strides[at],
      dilation: 1,
      before: padding[2 * at]!,
    }
    const phases = phasesOf(window)
    const first = Math.min(...phases.taps.flat().map(({ offset }) => offset))
    return { ...phases, length: Math.max(phases.length, output - first) }
  }
  const [rows, columns] = [axis(0), axis(1)]
  const lengths: Pair = [rows.length, columns.length]
  const map = [n, c, ...lengths]
  const maps = rows.taps.map((rowTaps) =>
    columns.taps.map((columnTaps) => {
      const terms = rowTaps.flatMap((row) => columnTaps.map((column) => ({ row, column })))
      const sum = terms.reduce<string | undefined>((total, { row, column }) => {
        const value = taken[row.tap * size[1] + column.tap] as string
        const offsets: Pair = [row.offset, column.offset]
        return shifted(value, { shape: y.shape, offsets, lengths }, total)
      }, undefined)
      return sum ?? graph.add('Expand', [graph.number(0), graph.integers(map)])
    }),
  )
  return interleave(graph, maps, { block, map, size: [h, w] })
}

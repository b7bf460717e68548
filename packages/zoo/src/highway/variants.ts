import type { HighwayConfig } from './highway.js'

const repeat = (filters: number, layers: number) => new Array<number>(layers).fill(filters)

/**
 * As deep, and with about as many parameters, as the paper's "Highway 2" (2.3 million, the widths of Fitnet 4) and the
 * thinner "Highway 4" (1.25 million), with global average pooling in place of a wide dense layer.
 */
export const variants = {
  highway_19: { stages: [[...repeat(32, 3), ...repeat(48, 3)], repeat(80, 6), repeat(128, 6)] },
  highway_32: { stages: [repeat(32, 10), repeat(48, 10), repeat(64, 11)] },
} satisfies Record<string, HighwayConfig>

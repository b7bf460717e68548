import type { LeNetConfig } from './lenet.js'

/** The network of 1998, and a wider one with what later became usual: 120,478 parameters for ten digits. */
export const variants = {
  lenet5: { filters: [6, 16], activation: 'tanh', pool: 'average' },
  lenet5_modern: { filters: [16, 32], activation: 'relu', pool: 'max', norm: true, dropRate: 0.5 },
} satisfies Record<string, LeNetConfig>

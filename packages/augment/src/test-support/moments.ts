/** Mean, standard deviation, least and most of numbers. */
export function moments(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance), least: Math.min(...values), most: Math.max(...values) }
}

/** As many numbers as asked for, each from its index. */
export function drawn(count: number, draw: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => draw(index))
}

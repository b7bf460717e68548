/** Probabilities from logits, `[rows, classes]` row-major. */
export function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length)
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes)
    // Without the largest one, exp would overflow.
    const largest = row.reduce((a, b) => Math.max(a, b))
    const exponentials = Float64Array.from(row, (value) => Math.exp(value - largest))
    const total = exponentials.reduce((a, b) => a + b)
    probabilities.set(
      exponentials.map((value) => value / total),
      start,
    )
  }
  return probabilities
}

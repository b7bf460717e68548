import type { Draws } from '../shared/draws.js'

/** A deviate of Gamma(shape, 1) (Marsaglia and Tsang 2000). */
export function gammaDeviate(shape: number, draws: Draws): number {
  // Gamma(a) = Gamma(a + 1) · U^(1/a)
  if (shape < 1) return gammaDeviate(shape + 1, draws) * (1 - draws.uniform()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  while (true) {
    const x = draws.normal()
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - draws.uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}

/** A deviate of Beta(alpha, alpha), in [0, 1]. */
export function betaDeviate(alpha: number, draws: Draws): number {
  const [a, b] = [gammaDeviate(alpha, draws), gammaDeviate(alpha, draws)]
  // Both can be too small for a number where alpha is tiny: the mass is then at the ends.
  return a + b > 0 ? a / (a + b) : draws.whole(2)
}

import { ConvkitError } from '@convkit/core'

/** Throws E_OPTION unless `valid`: `epochs must be a whole number of at least 1, got 0`. */
export function requireOption(valid: boolean, name: string, wanted: string, got: unknown): void {
  if (valid) return
  const value = typeof got === 'number' ? String(got) : JSON.stringify(got)
  throw new ConvkitError('E_OPTION', `${name} must be ${wanted}, got ${value}`)
}

/** Throws E_OPTION unless `value` is a whole number of at least 1. */
export function requireCount(name: string, value: number): void {
  requireOption(Number.isInteger(value) && value >= 1, name, 'a whole number of at least 1', value)
}

/** Throws E_OPTION unless `value` is a finite number of at least 0. */
export function requireNonNegative(name: string, value: number): void {
  requireOption(Number.isFinite(value) && value >= 0, name, 'a number of at least 0', value)
}

/** Throws E_OPTION unless `value` lies in [0, 1). */
export function requireFraction(name: string, value: number): void {
  requireOption(value >= 0 && value < 1, name, 'in [0, 1)', value)
}

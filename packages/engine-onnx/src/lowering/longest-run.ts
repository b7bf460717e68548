/** The largest divisor of a number of values that is at most `longest`: rows of a kernel that goes row by row. */
export function longestRun(values: number, longest: number): number {
  for (let run = Math.min(values, longest); run > 1; run--) if (values % run === 0) return run
  return 1
}

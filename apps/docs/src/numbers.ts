/** `25,557,032` */
export const grouped = (value: number) => value.toLocaleString('en')

/** `25.6 M`, `4.09 G` */
export function scaled(value: number): string {
  const [unit, name] = units.find(([size]) => value >= size) ?? [1, '']
  return `${Number((value / unit).toPrecision(3))}${name && ` ${name}`}`
}

const units: readonly (readonly [number, string])[] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
]

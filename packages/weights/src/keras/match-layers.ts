import type { KerasFamily } from './families.js'

/** Which of Keras's `layers` each of the zoo's `paths` is, by a family's rules. */
export function matchLayers(
  rules: KerasFamily['layers'],
  paths: readonly string[],
  layers: readonly string[],
): Map<string, string> {
  const matches = new Map<string, string>()
  const patterns = rules.map(([path, layer]) => ({
    path: new RegExp(`^${path}$`),
    layerAt: typeof layer === 'string' ? undefined : nthLayer(layer.nth, layers),
    text: typeof layer === 'string' ? layer : '',
    count: 0,
  }))
  for (const path of paths) {
    for (const pattern of patterns) {
      const groups = pattern.path.exec(path)
      if (!groups) continue
      const index = pattern.count++
      matches.set(path, pattern.layerAt ? (pattern.layerAt[index] ?? '') : fill(pattern.text, groups, index))
      break
    }
  }
  return matches
}

/** The layers of a pattern, `conv2d` before `conv2d_1`, `conv2d_9` before `conv2d_10`. */
function nthLayer(pattern: string, layers: readonly string[]): readonly string[] {
  const expression = new RegExp(`^${pattern}$`)
  const numbers = (layer: string) => (layer.match(/\d+/g) ?? []).map(Number)
  return layers.filter((layer) => expression.test(layer)).toSorted((a, b) => compare(numbers(a), numbers(b)))
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? -1) - (b[i] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}

/** Puts groups and the count in a text's places: `conv{1+1}_{#}`. */
function fill(text: string, groups: readonly string[], index: number): string {
  return text.replace(/\{(#|\d)([+-]\d)?\}/g, (_, place: string, offset = '0') =>
    String((place === '#' ? index : Number(groups[Number(place)])) + Number(offset)),
  )
}

/** How probabilities become one: their mean, their geometric mean, or the largest of each class. */
export type Average = 'mean' | 'geometric' | 'max'

/**
 * Several probabilities of the same images, `[images, classes]` each, as one; rows sum to 1. `shares` sum to 1; the
 * largest is taken of those that have one.
 */
export function averageProbabilities(
  members: readonly Float32Array[],
  shares: readonly number[],
  classes: number,
  average: Average = 'mean',
): Float32Array {
  const counted = members.map((values, index) => ({ values, share: shares[index] ?? 0 }))
  const averaged = new Float32Array(members[0]?.length ?? 0)
  for (let i = 0; i < averaged.length; i++) averaged[i] = averageOne[average](counted, i)
  return average === 'mean' ? averaged : normalized(averaged, classes)
}

interface Member {
  readonly values: Float32Array
  readonly share: number
}

const averageOne: Readonly<Record<Average, (members: readonly Member[], at: number) => number>> = {
  mean: (members, at) => members.reduce((sum, { values, share }) => sum + share * (values[at] as number), 0),
  // The smallest single-precision number stands for a probability of 0, which one member must not decide alone.
  geometric: (members, at) =>
    Math.exp(
      members.reduce(
        (sum, { values, share }) => sum + share * Math.log(Math.max(values[at] as number, 2 ** -149)),
        0,
      ),
    ),
  max: (members, at) =>
    members.reduce((most, { values, share }) => (share > 0 ? Math.max(most, values[at] as number) : most), 0),
}

function normalized(values: Float32Array, classes: number): Float32Array {
  for (let from = 0; from < values.length; from += classes) {
    const row = values.subarray(from, from + classes)
    const total = row.reduce((sum, value) => sum + value, 0)
    for (let i = 0; i < classes; i++) row[i] = (row[i] as number) / total
  }
  return values
}

import { ConvkitError } from '@convkit/core'
import type { LabelledFeatures } from './linear-probe.js'

export interface NeighbourOptions {
  readonly classes: number
  /** Neighbours that vote; 20 by default, or as many as there are. */
  readonly k?: number
  /** Softness of the votes: a neighbour counts exp(similarity / temperature); 0.07 by default. */
  readonly temperature?: number
}

export interface NeighbourEvaluation {
  /** Share of queries whose label most of their neighbours have. */
  readonly top1: number
  /** The class of each query. */
  readonly predictions: Int32Array
}

/**
 * Labels images by the nearest embeddings of labelled ones, by cosine similarity with weighted votes (Wu et al. 2018): how
 * well a network tells classes apart with nothing trained.
 *
 * @throws E_OPTION when widths differ, or k is not from 1 on.
 */
export function nearestNeighbours(
  known: LabelledFeatures,
  queries: LabelledFeatures,
  { classes, k = 20, temperature = 0.07 }: NeighbourOptions,
): NeighbourEvaluation {
  if (known.width !== queries.width || !(Number.isInteger(k) && k >= 1) || known.labels.length === 0) {
    throw new ConvkitError(
      'E_OPTION',
      `nearestNeighbours: needs known images of the queries' width and k of at least 1, got ${known.labels.length} images of ${known.width}, queries of ${queries.width}, k ${k}`,
    )
  }
  const { width } = known
  const [own, asked] = [unitRows(known), unitRows(queries)]
  const predictions = Int32Array.from(queries.labels, (_, query) => {
    const row = asked.subarray(query * width, (query + 1) * width)
    const similarities = Array.from(known.labels, (label, at) => ({
      label,
      similarity: dot(row, own.subarray(at * width, (at + 1) * width)),
    }))
    const nearest = similarities.sort((a, b) => b.similarity - a.similarity).slice(0, k)
    const votes = new Float64Array(classes)
    for (const { label, similarity } of nearest) {
      votes[label] = (votes[label] as number) + Math.exp((similarity - 1) / temperature)
    }
    return votes.indexOf(Math.max(...votes))
  })
  const correct = predictions.reduce((sum, label, at) => sum + Number(label === queries.labels[at]), 0)
  return { top1: correct / predictions.length, predictions }
}

/** Rows of length 1; a row of zeros stays. */
function unitRows({ data, width }: LabelledFeatures): Float32Array {
  const out = new Float32Array(data.length)
  for (let from = 0; from < data.length; from += width) {
    const row = data.subarray(from, from + width)
    const length = Math.sqrt(dot(row, row)) || 1
    row.forEach((value, i) => {
      out[from + i] = value / length
    })
  }
  return out
}

function dot(a: Float32Array, b: Float32Array): number {
  let total = 0
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number)
  return total
}

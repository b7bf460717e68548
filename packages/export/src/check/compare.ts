import { ConvkitError, inputPredictor, type Model, type Pixels } from '@convkit/core'
import type { ExportedModel } from './exported-model.js'
import { largestTerms } from './largest-terms.js'

/** How far an exported model agrees with the model that it was made from. */
export interface Agreement {
  readonly runtime: string
  readonly images: number
  /** Images of which both say the same class first. */
  readonly sameTop1: number
  /** Between a logit of the one and of the other. */
  readonly largestDifference: number
  /** How large a difference may be. */
  readonly tolerance: number
}

/**
 * The largest difference between logits that an export may have: 1e-4, or, where the largest logit is below 1, as with
 * random weights, 1e-4 of that. Of logits that are sums of large terms, which float32 does not hold so exactly, it is a
 * millionth of the terms.
 */
function toleranceFor(logits: Float32Array, terms: number): number {
  return Math.max(1e-4 * Math.min(1, largest(logits)), 1e-6 * terms)
}

/** What a model says of images of its input size. */
export interface Reference {
  readonly images: readonly Pixels[]
  readonly classes: number
  /** `[images, classes]`, row-major. */
  readonly logits: Float32Array
  /** How far other logits may be from these. */
  readonly tolerance: number
}

/** Runs a model on images of its input size. */
export async function referenceOf(model: Model, images: readonly Pixels[]): Promise<Reference> {
  const predictor = inputPredictor(model)
  const { logits } = await predictor.infer(images)
  await predictor.dispose()
  const terms = Math.max(largest(logits), await largestTerms(model, images))
  return { images, classes: model.classes.length, logits, tolerance: toleranceFor(logits, terms) }
}

/** Runs an exported model on the same images, in batches of 1, of 3, and of the rest. */
export async function compare(
  { images, classes, logits: expected, tolerance }: Reference,
  exported: ExportedModel,
): Promise<Agreement> {
  const logits = new Float32Array(expected.length)
  for (const [from, to] of [
    [0, 1],
    [1, 4],
    [4, images.length],
  ] as const) {
    const batch = images.slice(from, to)
    if (batch.length > 0) logits.set(await exported.run(batch), from * classes)
  }
  const rows = images.map((_, i) => i * classes)
  const top = (values: Float32Array, row: number) => largestAt(values.subarray(row, row + classes))
  return {
    runtime: exported.runtime,
    images: images.length,
    sameTop1: rows.filter((row) => top(logits, row) === top(expected, row)).length,
    largestDifference: largest(logits.map((value, i) => value - (expected[i] as number))),
    tolerance,
  }
}

/** {@link compare}, after which the exported model is gone. */
export async function compareAndClose(reference: Reference, exported: ExportedModel): Promise<Agreement> {
  try {
    return await compare(reference, exported)
  } finally {
    await exported.dispose()
  }
}

/** @throws E_EXPORT_CHECK when top-1 differs for an image, or a logit by more than the tolerance, or is no number. */
export function requireAgreement(agreement: Agreement): Agreement {
  const { runtime, images, sameTop1, largestDifference } = agreement
  if (sameTop1 === images && largestDifference <= agreement.tolerance) return agreement
  throw new ConvkitError(
    'E_EXPORT_CHECK',
    `The exported model does not agree with the model: in ${runtime} ${sameTop1} of ${images} images have the same top-1, and logits differ by up to ${largestDifference.toExponential(1)} (at most ${agreement.tolerance.toExponential(1)} is allowed); nothing was written`,
  )
}

/** @throws E_EXPORT_CHECK when a logit is no number. */
export function requireNumbers(agreement: Agreement): Agreement {
  if (Number.isFinite(agreement.largestDifference)) return agreement
  throw new ConvkitError(
    'E_EXPORT_CHECK',
    `The exported model gives logits that are no numbers in ${agreement.runtime}; nothing was written`,
  )
}

/** The largest absolute value; NaN if there is one. */
function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

function largestAt(row: Float32Array): number {
  return row.reduce((best, value, i) => (value > (row[best] as number) ? i : best), 0)
}

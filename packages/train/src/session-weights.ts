import type { Model, Session, TensorMap } from '@convkit/core'
import type { AverageNames } from './averaging.js'

/** A training's session, and which of its weights are averaged. */
export interface WeightsSession {
  readonly session: Session
  readonly averages: AverageNames
}

/** A model's parameters and statistics as they are evaluated: averages where there are some. */
export async function readEvaluated(
  { session, averages }: WeightsSession,
  weights: Model['weights'],
): Promise<TensorMap> {
  const names = [...weights.keys()].map((name) => [name, averages.get(name) ?? name] as const)
  const values = await session.read(names.map(([, kept]) => kept))
  return new Map(
    names.flatMap(([name, kept]) => {
      const value = values.get(kept)
      return value ? [[name, value] as const] : []
    }),
  )
}

/** Replaces what is evaluated. */
export async function writeEvaluated(
  { session, averages }: WeightsSession,
  weights: TensorMap,
): Promise<void> {
  await session.write([...weights].map(([name, value]) => [averages.get(name) ?? name, value] as const))
}

/** Replaces what is evaluated and what is trained on. */
export async function writeWeights(target: WeightsSession, weights: TensorMap): Promise<void> {
  await target.session.write(weights)
  await writeEvaluated(target, weights)
}

import { ConvkitError, type TrainingSnapshot } from '@convkit/core'
import { writeEvaluated } from './session-weights.js'
import type { LoadedTraining } from './training-run.js'

/**
 * Writes a snapshot's tensors into a session.
 *
 * @throws E_RESUME unless it holds exactly the optimizer state of this training, `kept`.
 */
export async function restoreSession(
  loaded: LoadedTraining,
  { model, optimizer }: TrainingSnapshot,
): Promise<void> {
  const { session, kept } = loaded
  const missing = kept.filter((name) => !optimizer.has(name))
  const unknown = [...optimizer.keys()].filter((name) => !kept.includes(name))
  const [first] = [...missing, ...unknown]
  if (first !== undefined) {
    throw new ConvkitError(
      'E_RESUME',
      `The snapshot's optimizer state does not fit: ${first} is ${missing.length > 0 ? 'missing' : 'not used'} (and ${missing.length + unknown.length - 1} more); resume with the optimizer, frozen layers and averaging that it was made with`,
    )
  }
  await writeEvaluated(loaded, model)
  await session.write(optimizer)
}

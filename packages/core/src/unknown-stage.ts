import { ConvkitError } from '@convkit/graph'
import { nearest } from './nearest.js'

/** What to throw when a network is asked for a stage that it has not: E_OPTION with the names that it has. */
export function unknownStage(model: string, stage: string, stages: readonly string[]): ConvkitError {
  const [close = 'none'] = nearest(stage, stages, 1)
  return new ConvkitError(
    'E_OPTION',
    `${model} has no stage '${stage}' (nearest: ${close}); it has ${stages.join(', ')}`,
  )
}

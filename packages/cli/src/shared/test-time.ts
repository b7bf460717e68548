import type { TestTimeMethod } from '@convkit/augment'
import type { Average } from '@convkit/core'

/** Ways to look at an image more than once, by the names of the command line. */
export const testTimeMethods = [
  'flip',
  'five-crop',
  'ten-crop',
  'multi-scale',
  'dense',
] as const satisfies readonly TestTimeMethod[]

/** How the probabilities of several views become one. */
export const averages = ['mean', 'geometric', 'max'] as const satisfies readonly Average[]

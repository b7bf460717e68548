import * as g from '@convkit/graph'
import { bool, type Cases, image, pooled, weight } from './shared.js'

/** Values that come from outside of the graph. */
export const sourceCases = {
  input: {
    passed: { inputs: [image], build: ([x]) => x! },
    flags: { inputs: [bool([5])], build: ([x]) => x! },
  },
  state: { passed: { inputs: [weight([4, 3, 3, 3])], build: ([x]) => x! } },
  constant: {
    scalar: { inputs: [], build: () => g.constant(2.5) },
    image: {
      inputs: [image],
      build: ([x]) =>
        g.add(
          pooled(x!),
          g.vector(
            Array.from({ length: 210 }, (_, i) => i),
            image,
          ),
        ),
    },
  },
} satisfies Record<string, Cases>

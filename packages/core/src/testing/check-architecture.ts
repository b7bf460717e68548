import {
  add,
  ConvkitError,
  formatShape,
  gradients,
  mean,
  sameShape,
  sizeOf,
  square,
  topologicalOrder,
} from '@convkit/graph'
import { evaluate } from '@convkit/graph/reference'
import { random } from '../random.js'
import type { Registry } from '../registry.js'
import { initialWeights } from '../trace.js'
import { traceVariant } from '../trace-variant.js'

export interface ArchitectureCheck {
  /** Name of a registered model. */
  readonly model: string
  readonly registry: Registry
  /** Small values keep the reference evaluator quick. */
  readonly inputSize?: readonly [number, number]
  readonly classes?: number
  readonly batchSize?: number
  /** Values that differ from the variant's. */
  readonly config?: object
}

/**
 * Checks what every architecture must hold: logits are `[n, classes]` in both modes, both modes have the same
 * state, logits are finite, and every parameter gets a gradient.
 *
 * @throws E_ARCHITECTURE naming what does not hold.
 */
export function checkArchitecture({
  model,
  registry,
  inputSize,
  classes = 3,
  batchSize = 2,
  config,
}: ArchitectureCheck): void {
  const variant = registry.model(model)
  const fail = (problem: string): never => {
    throw new ConvkitError('E_ARCHITECTURE', `${model}: ${problem}`)
  }
  const options = { registry, config, classes, batchSize, preprocessing: inputSize && { inputSize } }
  const train = traceVariant(variant, { ...options, mode: 'train' })
  const infer = traceVariant(variant, { ...options, mode: 'infer' })

  for (const { mode, logits } of [train, infer]) {
    if (!sameShape(logits.shape, [batchSize, classes])) {
      fail(`logits in ${mode} mode are ${formatShape(logits.shape)}, not [${batchSize},${classes}]`)
    }
  }
  // A training trace may hold auxiliary heads besides.
  const extra = [...infer.state.keys()].filter((name) => !train.state.has(name))
  if (extra.length > 0)
    fail(`${extra.join(', ')} exists in infer mode only; make the same parameters in both modes`)

  const parameters = [...train.state].filter(([, { kind }]) => kind === 'parameter')
  const heads = [train.logits, ...train.auxiliary.map(({ logits }) => logits)]
  const loss = heads.map((logits) => mean(square(logits))).reduce(add)
  const reached = new Set(topologicalOrder([loss]).flatMap(({ outputs }) => outputs))
  const idle = parameters.filter(([, { tensor }]) => !reached.has(tensor)).map(([name]) => name)
  if (idle.length > 0) fail(`the logits do not depend on ${idle.join(', ')}; remove what is not used`)

  const stream = random(1, 'check-architecture')
  const pixels = Uint8Array.from({ length: sizeOf(train.image.shape) }, (_, i) => stream.uint32(i) & 255)
  const masks = [...train.masks].map(
    ([name, { shape }]) => [name, new Float32Array(sizeOf(shape)).fill(1)] as const,
  )
  const state = [...initialWeights(train, 1)].map(([name, { data }]) => [name, data] as const)
  const slopes = gradients(
    loss,
    parameters.map(([, { tensor }]) => tensor),
  )
  const [logits, ...values] = evaluate([train.logits, ...slopes], {
    inputs: { image: pixels, ...Object.fromEntries(masks) },
    state: Object.fromEntries(state),
  })
  if (!logits?.every(Number.isFinite)) fail('the logits of a random image are not finite')
  parameters.forEach(([name], i) => {
    if (!values[i]?.every(Number.isFinite)) fail(`the gradient of ${name} is not finite`)
  })
}

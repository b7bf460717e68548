import {
  add,
  type DType,
  input,
  type Program,
  type Shape,
  type SymbolicTensor,
  sizeOf,
  state,
  type TensorData,
} from '@convkit/graph'
import type { Engine } from '../../engine.js'
import { random } from '../../random.js'
import { floatTensor } from '../../tensors.js'
import { referenceEngine } from '../reference-engine.js'

/** What one input of a case holds. */
export interface InputSpec {
  readonly shape: Shape
  readonly dtype?: DType
  /** Values are drawn uniformly from here; [−2, 2] by default. */
  readonly range?: readonly [low: number, high: number]
  /** Values are whole numbers: so that some are equal. */
  readonly whole?: boolean
  /** The value is state instead of an input. */
  readonly isState?: boolean
}

export interface AgreementCase {
  readonly inputs: readonly (Shape | InputSpec)[]
  readonly build: (inputs: SymbolicTensor[]) => SymbolicTensor | readonly SymbolicTensor[]
}

/** Runs a graph on an engine and on the reference evaluator: the largest difference, relative to the largest value. */
export async function disagreement(
  engine: Engine,
  { inputs, build }: AgreementCase,
  {
    training = false,
  }: {
    /** Run it as a signature that updates state, which engines compile otherwise. */ readonly training?: boolean
  } = {},
): Promise<number> {
  const specs = inputs.map((spec): InputSpec => ('shape' in spec ? spec : { shape: spec }))
  const tensors = specs.map(({ shape, dtype, isState }, i) =>
    isState ? state(`s${i}.weight`, shape) : input(`x${i}`, shape, dtype),
  )
  const built = build(tensors)
  const outputs = Object.fromEntries([built].flat().map((tensor, i) => [`y${i}`, tensor as SymbolicTensor]))
  const values = specs.map((spec, i) => draw(spec, i))
  const program: Program = {
    state: Object.fromEntries([
      ...(training
        ? [['runs', { shape: [], initial: () => floatTensor([], new Float32Array(1)) }] as const]
        : []),
      ...specs.flatMap(({ shape, isState }, i) =>
        isState
          ? [
              [
                `s${i}.weight`,
                { shape, initial: () => values[i] as Extract<TensorData, { dtype: 'float32' }> },
              ],
            ]
          : [],
      ),
    ]),
    signatures: {
      main: {
        inputs: Object.fromEntries(
          tensors.flatMap((tensor, i) => (specs[i]?.isState ? [] : [[`x${i}`, tensor]])),
        ),
        outputs,
        updates: training ? { runs: add(state('runs', []), 1) } : {},
      },
    },
  }
  const feeds = Object.fromEntries(
    values.flatMap((value, i) => (specs[i]?.isState ? [] : [[`x${i}`, value]])),
  )
  const results = await Promise.all(
    [engine, referenceEngine()].map(async (each) => {
      const session = await each.load(program)
      const result = await session.run('main', feeds)
      await session.dispose()
      return result
    }),
  )
  const [actual, expected] = results as [(typeof results)[0], (typeof results)[0]]
  return Math.max(
    ...Object.entries(outputs).map(([key, { shape, dtype }]) => {
      const [a, b] = [actual[key], expected[key]]
      if (a?.dtype !== dtype || `${a.shape}` !== `${shape}` || a.data.length !== sizeOf(shape))
        return Number.NaN
      return relativeDifference(a.data, b?.data ?? [])
    }),
  )
}

/** The largest difference relative to the largest expected value; NaN where either has one. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let scale = 0
  let difference = actual.length === expected.length ? 0 : Number.NaN
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i] as number))
    difference = Math.max(difference, Math.abs((actual[i] as number) - (expected[i] as number)))
  }
  return difference / (scale || 1)
}

function draw(
  { shape, dtype = 'float32', range = [-2, 2], whole = dtype !== 'float32' }: InputSpec,
  seed: number,
): TensorData {
  const stream = random(seed, 'agreement')
  const [low, high] = dtype === 'uint8' ? [0, 255] : dtype === 'bool' ? [0, 1] : range
  const values = Array.from({ length: sizeOf(shape) }, (_, i) => {
    const value = low + (high - low) * stream.uniform(i)
    return whole ? Math.round(value) : value
  })
  if (dtype === 'float32') return { dtype, shape, data: Float32Array.from(values) }
  if (dtype === 'int32') return { dtype, shape, data: Int32Array.from(values) }
  return { dtype, shape, data: Uint8Array.from(values) }
}

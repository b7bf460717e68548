import { ConvkitError, type Engine, floatTensor } from '@convkit/core'
import {
  add,
  dense,
  gradients,
  input,
  logSoftmax,
  multiply,
  negate,
  type Program,
  square,
  state,
  sum,
} from '@convkit/graph'
import { minimize } from './lbfgs.js'

/** Labelled features: `[count, width]`, row-major. */
export interface LabelledFeatures {
  readonly data: Float32Array
  readonly width: number
  readonly labels: ArrayLike<number>
}

export interface LinearProbe {
  /** `[classes, width]` */
  readonly weight: Float32Array
  /** `[classes]` */
  readonly bias: Float32Array
  /** `[count, classes]` of features `[count, width]`. */
  logits(data: Float32Array): Float32Array
}

export interface LinearProbeOptions {
  readonly classes: number
  /** Penalty on the weights' squares, over standardised features; 0.01 by default. */
  readonly l2?: number
  /** Steps at most; 100 by default. */
  readonly steps?: number
  /** Ends when no slope of the loss is larger; 1e-4 by default. */
  readonly tolerance?: number
}

/**
 * Multinomial logistic regression on features that do not change: the best linear classifier that a frozen network allows
 * (Alain and Bengio 2016). Features are standardised inside, and the weights given are for the features as they are.
 *
 * @throws E_OPTION when there are no features, or not as many as labels.
 */
export async function linearProbe(
  engine: Engine,
  features: LabelledFeatures,
  options: LinearProbeOptions,
): Promise<LinearProbe> {
  const [probe] = await linearProbes(engine, features, { ...options, l2: [options.l2 ?? 0.01] })
  return probe as LinearProbe
}

/** One probe for each penalty; each begins where the one before ended, so begin with the largest. */
export async function linearProbes(
  engine: Engine,
  { data, width, labels }: LabelledFeatures,
  {
    classes,
    l2,
    steps = 100,
    tolerance = 1e-4,
  }: Omit<LinearProbeOptions, 'l2'> & { readonly l2: readonly number[] },
): Promise<LinearProbe[]> {
  const count = labels.length
  if (count === 0 || data.length !== count * width) {
    throw new ConvkitError(
      'E_OPTION',
      `linearProbe: ${data.length} values are not ${width} features of each of ${count} images`,
    )
  }
  const scale = standardScale(data, width)
  const session = await engine.load(probeProgram(standardised(data, scale), width, labels, classes))
  try {
    const probes: LinearProbe[] = []
    let point: Float64Array = new Float64Array(classes * (width + 1))
    for (const penalty of l2) {
      const slopeAt = async (at: Float64Array) => {
        const weight = Float32Array.from(at.subarray(0, classes * width))
        const bias = Float32Array.from(at.subarray(classes * width))
        const { loss, dWeight, dBias } = await session.run('slope', {
          weight: floatTensor([classes, width], weight),
          bias: floatTensor([classes], bias),
          l2: floatTensor([], Float32Array.of(penalty)),
        })
        const gradient = new Float64Array(at.length)
        gradient.set(dWeight?.data ?? [], 0)
        gradient.set(dBias?.data ?? [], classes * width)
        return { value: loss?.data[0] ?? Number.NaN, gradient }
      }
      point = await minimize(slopeAt, point, { steps, tolerance })
      probes.push(probeAt(point, scale, classes))
    }
    return probes
  } finally {
    await session.dispose()
  }
}

/** Cross-entropy with a penalty, and its slope. */
function probeProgram(
  data: Float32Array,
  width: number,
  labels: ArrayLike<number>,
  classes: number,
): Program {
  const count = labels.length
  const targets = new Float32Array(count * classes)
  for (let i = 0; i < count; i++) targets[i * classes + (labels[i] as number)] = 1 / count
  const fixed = {
    features: floatTensor([count, width], data),
    targets: floatTensor([count, classes], targets),
  }
  const weight = input('weight', [classes, width])
  const bias = input('bias', [classes])
  const l2 = input('l2', [])
  const logits = dense(state('features', [count, width]), weight, bias)
  const likelihood = sum(multiply(logSoftmax(logits), state('targets', [count, classes])))
  const loss = add(negate(likelihood), multiply(sum(square(weight)), multiply(l2, 0.5)))
  const [dWeight, dBias] = gradients(loss, [weight, bias])
  if (!dWeight || !dBias) throw new ConvkitError('E_SHAPE', 'linearProbe: the loss has no slope')
  return {
    state: Object.fromEntries(
      Object.entries(fixed).map(([name, tensor]) => [name, { shape: tensor.shape, initial: () => tensor }]),
    ),
    signatures: { slope: { inputs: { weight, bias, l2 }, outputs: { loss, dWeight, dBias }, updates: {} } },
  }
}

interface Scale {
  readonly mean: Float64Array
  readonly deviation: Float64Array
}

/** Mean and deviation of each feature; a feature that hardly varies is not blown up. */
function standardScale(data: Float32Array, width: number): Scale {
  const count = data.length / width
  const mean = new Float64Array(width)
  const squares = new Float64Array(width)
  data.forEach((value, i) => {
    mean[i % width] = (mean[i % width] as number) + value / count
  })
  data.forEach((value, i) => {
    const away = value - (mean[i % width] as number)
    squares[i % width] = (squares[i % width] as number) + (away * away) / count
  })
  const typical = Math.sqrt(squares.reduce((total, value) => total + value, 0) / width)
  return { mean, deviation: squares.map((value) => Math.sqrt(value) + 1e-3 * typical + 1e-12) }
}

function standardised(data: Float32Array, { mean, deviation }: Scale): Float32Array {
  const width = mean.length
  return data.map((value, i) => (value - (mean[i % width] as number)) / (deviation[i % width] as number))
}

/** Weights for features as they are. */
function probeAt(point: Float64Array, { mean, deviation }: Scale, classes: number): LinearProbe {
  const width = mean.length
  const weight = new Float32Array(classes * width)
  const bias = new Float32Array(classes)
  for (let k = 0; k < classes; k++) {
    let offset = point[classes * width + k] as number
    for (let i = 0; i < width; i++) {
      const value = (point[k * width + i] as number) / (deviation[i] as number)
      weight[k * width + i] = value
      offset -= value * (mean[i] as number)
    }
    bias[k] = offset
  }
  return { weight, bias, logits: (data) => affine(data, weight, bias, width) }
}

function affine(data: Float32Array, weight: Float32Array, bias: Float32Array, width: number): Float32Array {
  const classes = bias.length
  const out = new Float32Array((data.length / width) * classes)
  for (let at = 0; at < out.length; at++) {
    const [row, k] = [Math.floor(at / classes), at % classes]
    let total = bias[k] as number
    for (let i = 0; i < width; i++)
      total += (data[row * width + i] as number) * (weight[k * width + i] as number)
    out[at] = total
  }
  return out
}

import { ConvkitError, type FloatTensor, initialWeights, type Model, type Trace } from '@convkit/core'
import {
  add,
  broadcastTo,
  constant,
  divide,
  gradients,
  input,
  multiply,
  type Program,
  type Signature,
  type StateSpec,
  type SymbolicTensor,
  state,
  sum,
} from '@convkit/graph'
import { type AverageNames, averageNames, averagingStep, onAverages } from './averaging.js'
import { type ClipOptions, clipGradients } from './clip-gradients.js'
import type { Loss } from './losses/loss.js'
import type { Optimizer } from './optimizers/optimizer.js'
import { filledState, optimizerStep, type Parameters, slotState } from './optimizers/optimizer-step.js'
import { phaseSignature } from './phases.js'
import { batchInputs, mixedTargets, plainTargets, severalTargets } from './targets.js'

export interface TrainingProgramOptions {
  readonly weights: Model['weights']
  readonly train: Trace
  readonly evaluation: Trace
  readonly loss: Loss
  readonly optimizer: Optimizer
  readonly clip?: ClipOptions | undefined
  /** Batches whose gradients make one step. */
  readonly accumulate: number
  /** Whether batches are mixed: steps then take `mixed_labels` and `shares` too. */
  readonly mixes?: boolean
  /** Whether images have any number of labels: steps and evaluations then take `targets` too. */
  readonly severalLabels?: boolean
  /** Whether an average of the weights is kept, and evaluated. */
  readonly averages?: boolean
  /** Draws the auxiliary heads, which a model does not keep. */
  readonly seed: number
  /** What the learning rate of a parameter is multiplied by; 1 by default. */
  readonly learningRateOf?: ((name: string) => number) | undefined
  /** Other phases of the training, whose signatures end in `_1`, `_2`, …; none by default. */
  readonly laterPhases?: readonly ProgramPhase[]
}

/** What differs between phases of a training. */
export type ProgramPhase = Pick<TrainingProgramOptions, 'train' | 'evaluation' | 'mixes' | 'learningRateOf'>

export interface TrainingProgram {
  readonly program: Program
  /**
   * Names of the state that a snapshot holds besides what is evaluated: optimizer slots, auxiliary heads, and the
   * weights whose averages are evaluated.
   */
  readonly kept: readonly string[]
  /** What is evaluated in place of weights; none where they are not averaged. */
  readonly averages: AverageNames
}

/**
 * Everything that training runs, as one program. A step is one run of `train`: pixels and labels in, new parameters,
 * optimizer slots and batch-norm statistics kept inside. With accumulation it is several runs of `gradients`, then
 * one of `apply`. `evaluate` reads the same state, and so do the signatures of later phases, in which other layers are
 * frozen.
 *
 * @throws E_FROZEN when no parameter is left to train.
 */
export function trainingProgram(options: TrainingProgramOptions): TrainingProgram {
  const { weights, train, loss, optimizer, severalLabels, laterPhases = [] } = options
  const phases = [options, ...laterPhases.map((phase) => ({ ...options, ...phase }))]
  const parameters = phases.map((phase) => trainableParameters(phase.train))
  const model = modelState(train, weights, options.seed)
  const slots = slotState(optimizer, new Map(parameters.flatMap((each) => [...each])))
  const programs = phases.map((phase, index) => {
    const own = parameters[index] as Parameters
    const steps = phase.accumulate === 1 ? singleStep(phase, own) : accumulatedStep(phase, own)
    const evaluate = evaluateSignature(phase.evaluation, loss, severalLabels)
    const signatures = Object.entries({ ...steps.signatures, evaluate })
    return {
      state: steps.state,
      signatures: signatures.map(([name, each]) => [phaseSignature(name, index), each] as const),
    }
  })
  const program = {
    state: Object.assign({}, model, slots, ...programs.map(({ state }) => state)),
    signatures: Object.fromEntries(programs.flatMap(({ signatures }) => signatures)),
  }
  const kept = [...Object.keys(slots), ...Object.keys(model).filter((name) => !weights.has(name))]
  if (!options.averages) return { program, kept, averages: new Map() }
  const changed = phases.flatMap((phase, i) => [...parameters[i]!.keys(), ...phase.train.updates.keys()])
  const changing = [...new Set(changed)].filter((name) => weights.has(name))
  return { ...withAverages(program, averageNames(changing), phases.length), kept: [...kept, ...changing] }
}

/** Adds averages, which begin as the weights and are what is evaluated. */
function withAverages({ state, signatures }: Program, averages: AverageNames, phases: number) {
  const last = 'apply' in signatures ? 'apply' : 'train'
  const copies = [...averages].map(([name, average]) => [average, state[name] as StateSpec])
  const averaged = Array.from({ length: phases }, (_, phase) => {
    const [step, evaluate] = [phaseSignature(last, phase), phaseSignature('evaluate', phase)]
    return {
      [step]: averagingStep(signatures[step] as Signature, averages, state),
      [evaluate]: onAverages(signatures[evaluate] as Signature, averages),
    }
  })
  const program: Program = {
    state: { ...state, ...Object.fromEntries(copies) },
    signatures: Object.assign({}, signatures, ...averaged),
  }
  return { program, averages }
}

/** A program that only evaluates. */
export function evaluationProgram(
  trace: Trace,
  weights: Model['weights'],
  loss: Loss,
  severalLabels: boolean,
): Program {
  const signatures = { evaluate: evaluateSignature(trace, loss, severalLabels) }
  return { state: modelState(trace, weights, 0), signatures }
}

function singleStep(options: TrainingProgramOptions, parameters: Parameters): Program {
  const { inputs, outputs, statistics, slopes } = backward(options, parameters)
  const step = optimizerStep(
    options.optimizer,
    parameters,
    clipGradients(slopes, options.clip),
    options.learningRateOf,
  )
  const train = {
    inputs: { ...inputs, ...step.inputs },
    outputs,
    updates: { ...statistics, ...step.updates },
  }
  return { state: {}, signatures: { train } }
}

/** Adds up gradients times images, and divides by all images in the end: so batches may differ in size. */
function accumulatedStep(options: TrainingProgramOptions, parameters: Parameters): Program {
  const { inputs, outputs, statistics, slopes, images } = backward(options, parameters)
  const names = [...parameters.keys()].map((name) => `accumulated.${name}`)
  const named = (values: readonly SymbolicTensor[]) =>
    Object.fromEntries(names.map((name, i) => [name, values[i] as SymbolicTensor]))
  const sums = [...parameters.values()].map(({ shape }, i) => state(names[i] as string, shape))
  const added = sums.map((old, i) => add(old, multiply(slopes[i] as SymbolicTensor, images)))
  const zeros = sums.map(({ shape }) => broadcastTo(constant(0), shape))

  const total = input('images', [])
  const means = sums.map((value) => divide(value, total))
  const step = optimizerStep(
    options.optimizer,
    parameters,
    clipGradients(means, options.clip),
    options.learningRateOf,
  )
  return {
    state: Object.fromEntries(sums.map(({ shape }, i) => [names[i], filledState(shape, 0)])),
    signatures: {
      gradients: { inputs, outputs, updates: { ...statistics, ...named(added) } },
      apply: {
        inputs: { images: total, ...step.inputs },
        outputs: {},
        updates: { ...step.updates, ...named(zeros) },
      },
    },
  }
}

/** The loss with its auxiliary heads', and its gradients. */
function backward(
  { train, loss, mixes = false, severalLabels = false }: TrainingProgramOptions,
  parameters: Parameters,
) {
  const { labels, sampleWeights } = batchInputs(train)
  const { inputs: mixing, targets } = mixes
    ? mixedTargets(train, labels)
    : targetsOf(train, labels, severalLabels)
  const losses = [{ logits: train.logits, weight: 1 }, ...train.auxiliary].map(({ logits, weight }) => {
    const value = loss.build({ logits, targets, areSoft: mixes, sampleWeights })
    return weight === 1 ? value : multiply(value, weight)
  })
  const total = losses.reduce((a, b) => add(a, b))
  return {
    inputs: { image: train.image, labels, ...mixing, ...Object.fromEntries(train.masks) },
    outputs: { loss: total, logits: train.logits },
    statistics: Object.fromEntries(train.updates),
    slopes: gradients(total, [...parameters.values()]),
    images: sum(sampleWeights),
  }
}

function evaluateSignature(trace: Trace, loss: Loss, severalLabels = false): Signature {
  const { image, logits } = trace
  const { labels, sampleWeights } = batchInputs(trace)
  const { inputs, targets } = targetsOf(trace, labels, severalLabels)
  const value = (loss.evaluation ?? loss).build({ logits, targets, areSoft: false, sampleWeights })
  return { inputs: { image, labels, ...inputs }, outputs: { loss: value, logits }, updates: {} }
}

const targetsOf = (trace: Trace, labels: SymbolicTensor, severalLabels: boolean) =>
  severalLabels ? severalTargets(trace) : plainTargets(trace, labels)

function trainableParameters({ state, isFrozen }: Trace): Parameters {
  const trained = [...state].filter(
    ([, { kind, tensor }]) => kind === 'parameter' && !isFrozen(tensor.node.scope),
  )
  if (trained.length === 0) {
    throw new ConvkitError(
      'E_FROZEN',
      `isFrozen freezes all ${state.size} tensors of the model; leave a layer to train`,
    )
  }
  return new Map(trained.map(([name, { tensor }]) => [name, tensor]))
}

/** A model keeps no auxiliary heads: theirs are drawn anew. */
function modelState({ state }: Trace, weights: Model['weights'], seed: number): Program['state'] {
  const drawn = initialWeights({ state: new Map([...state].filter(([name]) => !weights.has(name))) }, seed)
  const first = new Map([...weights, ...drawn])
  return Object.fromEntries(
    [...state].map(([name, { tensor }]) => [
      name,
      { shape: tensor.shape, initial: () => first.get(name) as FloatTensor },
    ]),
  )
}

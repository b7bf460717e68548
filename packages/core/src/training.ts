import type { Dataset } from './dataset.js'
import type { Model } from './model.js'
import type { TensorMap } from './tensors.js'

/** Numbers of a step or an epoch by key: `loss`, `top1`, `val_loss`, `lr`, … */
export type Logs = Readonly<Record<string, number>>

/** Where training is. */
export interface SchedulePosition {
  /** Steps finished, from 0. */
  readonly step: number
  /** Steps of the whole training. */
  readonly steps: number
  readonly stepsPerEpoch: number
}

/** What the optimizer's learning rate is multiplied by at a step. A pure function, so anyone can write one. */
export type Schedule = (position: SchedulePosition) => number

/**
 * An average of the weights, which is kept inside the training program and moves after each step:
 * `average + rate · (weights − average)`. It is what is evaluated and what the model is left with.
 */
export interface WeightAveraging {
  /** In [0, 1]: 1 takes the step's weights as they are, 0 leaves the average as it was. */
  rate(position: SchedulePosition): number
}

/** Images that a model was evaluated on, with its answers. */
export interface EvaluatedImages {
  /** Position of each image in the dataset. */
  readonly indices: Int32Array
  readonly labels: Int32Array
  /** Where images have any number of labels: `[images, classes]`, 1 for each. */
  readonly targets?: Float32Array | undefined
  /** `[images, classes]`, row-major. */
  readonly logits: Float32Array
}

/** What a callback may ask of the trainer; read after each hook. */
export interface TrainingControl {
  /** End training after this step; a text says why. */
  stop: boolean | string
  /** Write a checkpoint after this step. */
  save: boolean
  /** Evaluate on the validation set after this step. */
  evaluate: boolean
}

/** Everything that training needs to continue bit for bit. */
export interface TrainingSnapshot {
  /** Parameters and statistics as they are evaluated: averaged, where a callback has them averaged. */
  readonly model: TensorMap
  /** Optimizer slots and whatever else the program keeps, such as the weights that are averaged. */
  readonly optimizer: TensorMap
  /** Position: plain JSON. */
  readonly progress: TrainingProgress
}

export interface TrainingProgress {
  /** Epochs finished. */
  readonly epoch: number
  /** Steps finished in the epoch under way. */
  readonly step: number
  /** Steps finished in all. */
  readonly globalStep: number
  /** Sums of the epoch under way, by metric, so that a resumed epoch reports the same numbers. */
  readonly metrics: Readonly<Record<string, unknown>>
  /** Logs of the finished epochs. */
  readonly history: readonly Logs[]
  /** What callbacks keep, by callback name. */
  readonly callbacks: Readonly<Record<string, unknown>>
}

/** What a callback sees of the run. */
export interface TrainingContext {
  readonly model: Model
  readonly train: Dataset
  readonly validation: Dataset | undefined
  readonly epochs: number
  readonly stepsPerEpoch: number
  readonly batchSize: number
  readonly seed: number
  readonly control: TrainingControl
  /** Logs of the finished epochs. */
  readonly history: readonly Logs[]
  /** Copies the model's parameters and statistics to the host, as they are evaluated. */
  weights(): Promise<TensorMap>
  /** Replaces the model's parameters and statistics. */
  setWeights(weights: TensorMap): Promise<void>
  /** Copies everything that {@link TrainingSnapshot} holds to the host. */
  snapshot(): Promise<TrainingSnapshot>
  /**
   * Goes back to a snapshot of this training, after this hook of all callbacks: to its weights, optimizer state and
   * position. What callbacks keep stays.
   *
   * @throws E_RESUME when it is of another training.
   */
  restore(snapshot: TrainingSnapshot): Promise<void>
}

/** Epochs in which the same layers are frozen. */
export interface FreezingPhase {
  /** Its first epoch, from 0. */
  readonly from: number
  /** Which layers, by path (`layer1.0.conv1`), are not trained; none by default. */
  readonly isFrozen?: ((path: string) => boolean) | undefined
  /** What the learning rate of a parameter (`layer1.0.conv1.weight`) is multiplied by; 1 by default. */
  readonly learningRateOf?: ((name: string) => number) | undefined
}

/**
 * Hooks into training, with Keras's names. Each is awaited. A callback's mutable state that must survive a resume
 * is what `save` returns and `restore` takes, as plain JSON.
 */
export interface Callback {
  readonly name: string
  /** Has the trainer average the weights; one callback of a training may. */
  readonly averaging?: WeightAveraging
  /** Has the trainer freeze layers by the epoch; one callback of a training may. Asked before training begins. */
  phases?(model: Model): readonly FreezingPhase[]
  /**
   * What the learning rate of a step is multiplied by, besides the schedule. `history` has the logs of the finished
   * epochs. It follows from these and from what `save` keeps, so that a resumed training has the same rates.
   */
  learningRateFactor?(position: SchedulePosition, history: readonly Logs[]): number
  onTrainBegin?(context: TrainingContext): void | Promise<void>
  onTrainEnd?(logs: Logs, context: TrainingContext): void | Promise<void>
  /** `epoch` counts from 0. */
  onEpochBegin?(epoch: number, context: TrainingContext): void | Promise<void>
  onEpochEnd?(epoch: number, logs: Logs, context: TrainingContext): void | Promise<void>
  /** `batch` counts from 0 in each epoch. */
  onBatchBegin?(batch: number, context: TrainingContext): void | Promise<void>
  onBatchEnd?(batch: number, logs: Logs, context: TrainingContext): void | Promise<void>
  onEvaluateBegin?(context: TrainingContext): void | Promise<void>
  /** Called after each batch of an evaluation. The arrays are its own. */
  onEvaluateBatch?(images: EvaluatedImages, context: TrainingContext): void | Promise<void>
  onEvaluateEnd?(logs: Logs, context: TrainingContext): void | Promise<void>
  /** Called when a hook has set `control.save`, after the other hooks of that step: persist a snapshot now. */
  onSave?(context: TrainingContext): void | Promise<void>
  save?(): unknown
  restore?(state: unknown): void
}

/** Sums over batches, then a number: top-1, top-5, loss. Plain TypeScript on the host. */
export interface Metric {
  /** The key in logs: `top1`; on the validation set `val_top1`. */
  readonly name: string
  /** Whether a larger value is better. */
  readonly higherIsBetter: boolean
  /** Whether it counts images that have any number of labels; not by default. */
  readonly forSeveralLabels?: boolean
  create(): MetricAccumulator
}

export interface MetricAccumulator {
  /**
   * Adds rows `0 … count − 1`: logits `[n, classes]` row-major, labels `[n]`; where images have any number of labels,
   * targets `[n, classes]`.
   */
  update(
    logits: Float32Array,
    labels: Int32Array,
    count: number,
    classes: number,
    targets?: Float32Array,
  ): void
  /** NaN before the first update. */
  result(): number
  /** Plain JSON that {@link load} takes back. */
  save(): unknown
  load(state: unknown): void
}

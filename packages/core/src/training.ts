import type { Dataset } from './dataset.js'
import type { Model } from './model.js'
import type { TensorMap } from './tensors.js'

/** Numbers of a step or an epoch by key: `loss`, `top1`, `val_loss`, `lr`, … */
export type Logs = Readonly<Record<string, number>>

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
  /** Parameters and statistics. */
  readonly model: TensorMap
  /** Optimizer slots and whatever else the program keeps. */
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
  /** Copies the model's parameters and statistics to the host. */
  weights(): Promise<TensorMap>
  /** Replaces the model's parameters and statistics. */
  setWeights(weights: TensorMap): Promise<void>
  /** Copies everything that {@link TrainingSnapshot} holds to the host. */
  snapshot(): Promise<TrainingSnapshot>
}

/**
 * Hooks into training, with Keras's names. Each is awaited. A callback's mutable state that must survive a resume
 * is what `save` returns and `restore` takes, as plain JSON.
 */
export interface Callback {
  readonly name: string
  onTrainBegin?(context: TrainingContext): void | Promise<void>
  onTrainEnd?(logs: Logs, context: TrainingContext): void | Promise<void>
  /** `epoch` counts from 0. */
  onEpochBegin?(epoch: number, context: TrainingContext): void | Promise<void>
  onEpochEnd?(epoch: number, logs: Logs, context: TrainingContext): void | Promise<void>
  /** `batch` counts from 0 in each epoch. */
  onBatchBegin?(batch: number, context: TrainingContext): void | Promise<void>
  onBatchEnd?(batch: number, logs: Logs, context: TrainingContext): void | Promise<void>
  onEvaluateBegin?(context: TrainingContext): void | Promise<void>
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

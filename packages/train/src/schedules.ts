import type { Schedule, SchedulePosition } from '@convkit/core'
import { requireCount, requireNonNegative, requireOption } from './require-option.js'

export interface WarmupOptions {
  /**
   * The rate rises in equal steps to its full value (Goyal et al. 2017), which the last step of the warm-up has. None
   * by default.
   */
  readonly warmup?: { readonly epochs: number } | { readonly steps: number }
}

/** The optimizer's learning rate at every step. */
export function constant(options: WarmupOptions = {}): Schedule {
  return warmed(options, () => 1)
}

export interface StepOptions extends WarmupOptions {
  /** Epochs between drops; 30 by default. */
  readonly every?: number
  /** What a drop multiplies the rate by; 0.1 by default. */
  readonly gamma?: number
}

/** Drops after every so many epochs: He et al. 2016 trained ResNets so. */
export function step({ every = 30, gamma = 0.1, ...options }: StepOptions = {}): Schedule {
  requireCount('every', every)
  requireNonNegative('gamma', gamma)
  return warmed(options, ({ step, stepsPerEpoch }) => gamma ** Math.floor(step / stepsPerEpoch / every))
}

export interface MultiStepOptions extends WarmupOptions {
  /** Epochs after which the rate drops. */
  readonly milestones: readonly number[]
  /** What a drop multiplies the rate by; 0.1 by default. */
  readonly gamma?: number
}

/** Drops after given epochs. */
export function multiStep({ milestones, gamma = 0.1, ...options }: MultiStepOptions): Schedule {
  for (const milestone of milestones) requireCount('milestones', milestone)
  requireNonNegative('gamma', gamma)
  return warmed(
    options,
    ({ step, stepsPerEpoch }) => gamma ** milestones.filter((epoch) => step >= epoch * stepsPerEpoch).length,
  )
}

export interface CosineOptions extends WarmupOptions {
  /** The multiplier that the rate falls towards; 0 by default. */
  readonly final?: number
}

/** Falls by half a cosine wave after the warm-up (Loshchilov and Hutter 2017). */
export function cosine({ final = 0, ...options }: CosineOptions = {}): Schedule {
  requireNonNegative('final', final)
  return warmed(options, ({ done }) => cosineBetween(1, final, done))
}

export interface PolynomialOptions extends WarmupOptions {
  /** 1, the default, falls in a straight line. */
  readonly power?: number
  /** The multiplier that the rate falls towards; 0 by default. */
  readonly final?: number
}

/** Falls by `(1 − done)^power` after the warm-up. */
export function polynomial({ power = 1, final = 0, ...options }: PolynomialOptions = {}): Schedule {
  requireNonNegative('power', power)
  requireNonNegative('final', final)
  return warmed(options, ({ done }) => final + (1 - final) * (1 - done) ** power)
}

export interface OneCycleOptions extends WarmupOptions {
  /** The rate begins at the optimizer's divided by this; 25 by default. */
  readonly div?: number
  /** And ends at the optimizer's divided by this; 100,000 by default. */
  readonly divFinal?: number
  /** Share of the steps on which it rises, where no `warmup` says how long; 0.25 by default. */
  readonly pctStart?: number
}

/**
 * Rises to the optimizer's rate and falls again, each by half a cosine wave, with fastai's defaults (Smith 2018). It
 * is its own warm-up.
 */
export function oneCycle(options: OneCycleOptions = {}): Schedule {
  const { div = 25, divFinal = 1e5, pctStart = 0.25, warmup } = options
  requireOption(div > 0 && divFinal > 0, 'div and divFinal', 'positive', [div, divFinal])
  requireOption(pctStart > 0 && pctStart < 1, 'pctStart', 'in (0, 1)', pctStart)
  requireWarmup(options)
  return (position) => {
    const { step, steps } = position
    const rising = warmup ? warmupSteps(warmup, position) / steps : pctStart
    const done = step / steps
    return done < rising
      ? cosineBetween(1 / div, 1, done / rising)
      : cosineBetween(1, 1 / divFinal, (done - rising) / (1 - rising))
  }
}

function cosineBetween(from: number, to: number, done: number): number {
  return from + ((to - from) * (1 - Math.cos(Math.PI * done))) / 2
}

/** A schedule behind a warm-up; `done` is the share of the steps after it that are finished, in [0, 1]. */
function warmed(
  options: WarmupOptions,
  after: (position: SchedulePosition & { readonly done: number }) => number,
): Schedule {
  requireWarmup(options)
  return (position) => {
    const { step, steps } = position
    const rising = options.warmup ? warmupSteps(options.warmup, position) : 0
    if (step < rising) return (step + 1) / rising
    const done = steps > rising ? Math.min(1, (step - rising) / (steps - rising)) : 1
    return after({ ...position, done })
  }
}

function requireWarmup({ warmup }: WarmupOptions): void {
  if (warmup) requireNonNegative('warmup', 'epochs' in warmup ? warmup.epochs : warmup.steps)
}

function warmupSteps(
  warmup: NonNullable<WarmupOptions['warmup']>,
  { steps, stepsPerEpoch }: SchedulePosition,
): number {
  const wanted = 'epochs' in warmup ? warmup.epochs * stepsPerEpoch : warmup.steps
  return Math.min(Math.round(wanted), steps)
}

import type { Callback } from '@convkit/core'
import * as v from 'valibot'

export interface TimerOptions {
  /** Stop training, and have a checkpoint written, when it has taken so long; never by default. */
  readonly minutes?: number
  /** Milliseconds now. */
  readonly now?: () => number
}

/** Seconds that a training has spent, before a resume too. */
export interface TrainingTimes {
  /** In steps, and in the loading of their images. */
  readonly steps: number
  readonly evaluation: number
  /** In all, callbacks and checkpoints included. */
  readonly total: number
}

export interface Timer extends Callback {
  seconds(): TrainingTimes
}

/** Measures where the time of a training goes, and ends it when its time is up. */
export function timer({ minutes, now = Date.now }: TimerOptions = {}): Timer {
  let before: TrainingTimes = { steps: 0, evaluation: 0, total: 0 }
  let steps = 0
  let evaluation = 0
  let began: number | undefined
  let ended: number | undefined
  // Steps follow each other without a gap: a step lasts from the hook before it on.
  let mark = 0
  const seconds = (): TrainingTimes => ({
    steps: before.steps + steps / 1000,
    evaluation: before.evaluation + evaluation / 1000,
    total: before.total + (began === undefined ? 0 : ((ended ?? now()) - began) / 1000),
  })
  return {
    name: 'timer',
    seconds,
    onTrainBegin() {
      before = { steps: 0, evaluation: 0, total: 0 }
      steps = 0
      evaluation = 0
      began = now()
      ended = undefined
    },
    onEpochBegin() {
      mark = now()
    },
    onBatchEnd(_batch, _logs, { control }) {
      const time = now()
      steps += time - mark
      mark = time
      if (minutes === undefined || seconds().total < minutes * 60) return
      control.stop = `${minutes} ${minutes === 1 ? 'minute is' : 'minutes are'} over`
      control.save = true
    },
    onEvaluateBegin() {
      mark = now()
    },
    onEvaluateEnd() {
      const time = now()
      evaluation += time - mark
      mark = time
    },
    onTrainEnd() {
      ended = now()
    },
    save: seconds,
    restore(state) {
      before = v.parse(savedTimes, state)
    },
  }
}

const savedTimes = v.object({ steps: v.number(), evaluation: v.number(), total: v.number() })

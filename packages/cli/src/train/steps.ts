import { readFile } from 'node:fs/promises'
import * as v from 'valibot'

/** A step's own loss and its learning rate; steps count from 1. */
export interface StepRecord {
  readonly step: number
  readonly loss: number
  readonly lr: number
}

const stepSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ event: v.literal('step'), step: v.number(), batchLoss: v.number(), lr: v.number() }),
)

/** The steps of a run's `events.jsonl`, in order; of one that was taken again after a kill, the later one. */
export async function readSteps(file: string): Promise<StepRecord[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const steps = new Map<number, StepRecord>()
  for (const line of text.split('\n')) {
    const { success, output } = v.safeParse(stepSchema, line)
    if (success) steps.set(output.step, { step: output.step, loss: output.batchLoss, lr: output.lr })
  }
  return [...steps.values()].sort((a, b) => a.step - b.step)
}

import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomically } from '@convkit/core/node'

/** Paths in the folder of a run. */
export interface RunFolder {
  readonly path: string
  readonly config: string
  readonly environment: string
  readonly split: string
  readonly dataReport: string
  /** The learning-rate range test, of a run with `--lr auto`. */
  readonly rates: string
  readonly metrics: string
  readonly events: string
  readonly tensorboard: string
  readonly checkpoints: string
  readonly best: string
  readonly model: string
  readonly summary: string
  readonly report: string
}

export function runFolder(path: string): RunFolder {
  return {
    path,
    config: join(path, 'config.json'),
    environment: join(path, 'environment.json'),
    split: join(path, 'split.csv'),
    dataReport: join(path, 'data-report.json'),
    rates: join(path, 'learning-rates.json'),
    metrics: join(path, 'metrics.csv'),
    events: join(path, 'events.jsonl'),
    tensorboard: join(path, 'tensorboard'),
    checkpoints: join(path, 'checkpoints'),
    best: join(path, 'checkpoints', 'best'),
    model: join(path, 'model'),
    summary: join(path, 'summary.json'),
    report: join(path, 'report.html'),
  }
}

/** Makes `out/train-1`, or the next number; never one that is there, also when runs begin at the same time. */
export async function createRunFolder(out: string): Promise<RunFolder> {
  await mkdir(out, { recursive: true })
  const taken = (await readdir(out)).map((name) => Number(/^train-(\d+)$/.exec(name)?.[1] ?? 0))
  for (let number = Math.max(0, ...taken) + 1; ; number++) {
    const path = join(out, `train-${number}`)
    try {
      await mkdir(path)
      return runFolder(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`)
}

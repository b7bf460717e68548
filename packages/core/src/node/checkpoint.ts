import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConvkitError } from '@convkit/graph'
import * as v from 'valibot'
import { decodeSafetensors, encodeSafetensors } from '../safetensors.js'
import type { TrainingSnapshot } from '../training.js'
import { previousSuffix, readFolder, temporaryInfix, writeFolderAtomically } from './atomic-folder.js'

const files = {
  model: 'model.safetensors',
  optimizer: 'optimizer.safetensors',
  progress: 'progress.json',
} as const

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const progressSchema = v.object({
  epoch: count,
  step: count,
  globalStep: count,
  metrics: v.record(v.string(), v.unknown()),
  // JSON has no NaN: a number that was not finite comes back as null.
  history: v.array(
    v.record(
      v.string(),
      v.pipe(
        v.nullable(v.number()),
        v.transform((value) => value ?? Number.NaN),
      ),
    ),
  ),
  callbacks: v.record(v.string(), v.unknown()),
})

/** Writes everything that training needs to continue, atomically: a kill leaves the old or the new checkpoint whole. */
export async function writeCheckpoint(
  folder: string,
  { model, optimizer, progress }: TrainingSnapshot,
): Promise<void> {
  await writeFolderAtomically(
    folder,
    new Map([
      [files.model, encodeSafetensors(model)],
      [files.optimizer, encodeSafetensors(optimizer)],
      [files.progress, new TextEncoder().encode(`${JSON.stringify(progress, null, 2)}\n`)],
    ]),
  )
}

/** Reads a checkpoint. @throws E_CHECKPOINT when it is missing, incomplete or damaged. */
export async function readCheckpoint(folder: string): Promise<TrainingSnapshot> {
  const contents = await readFolder(folder)
  const read = (name: string) => {
    const bytes = contents.get(name)
    if (!bytes)
      throw new ConvkitError(
        'E_CHECKPOINT',
        `${folder} is not a training checkpoint: its manifest lacks ${name}`,
      )
    return bytes
  }
  const progress = v.safeParse(progressSchema, JSON.parse(new TextDecoder().decode(read(files.progress))))
  if (!progress.success) {
    const [issue] = progress.issues
    throw new ConvkitError(
      'E_CHECKPOINT',
      `${join(folder, files.progress)} is damaged: ${v.getDotPath(issue)}: ${issue.message}`,
    )
  }
  return {
    model: decodeSafetensors(read(files.model), join(folder, files.model)),
    optimizer: decodeSafetensors(read(files.optimizer), join(folder, files.optimizer)),
    progress: progress.output,
  }
}

/**
 * The checkpoint of a run that got furthest, complete ones only.
 *
 * @throws E_CHECKPOINT when the run has none.
 */
export async function newestCheckpoint(run: string): Promise<{ folder: string; snapshot: TrainingSnapshot }> {
  const parent = join(run, 'checkpoints')
  const entries = await readdir(parent).catch(() => [])
  const names = new Set(
    entries.map((name) => name.replace(previousSuffix, '')).filter((name) => !name.includes(temporaryInfix)),
  )
  let newest: { folder: string; snapshot: TrainingSnapshot } | undefined
  for (const name of names) {
    const folder = join(parent, name)
    const snapshot = await readCheckpoint(folder).catch(() => undefined)
    if (snapshot && snapshot.progress.globalStep > (newest?.snapshot.progress.globalStep ?? -1))
      newest = { folder, snapshot }
  }
  if (!newest)
    throw new ConvkitError(
      'E_CHECKPOINT',
      `${run} has no complete checkpoint to resume from; start a new run`,
    )
  return newest
}

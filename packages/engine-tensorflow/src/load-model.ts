import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunnerProcess } from './runner-process.js'
import { encodeSavedModel, type SavedModelGraph } from './saved-model/saved-model.js'

/** Loads a graph, and gives TensorFlow's process's number for it. It goes there as a folder, for so long. */
export async function loadModel(runner: RunnerProcess, graph: SavedModelGraph): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'convkit-tensorflow-'))
  try {
    await writeFile(join(folder, 'saved_model.pb'), encodeSavedModel(graph))
    const signatures = Object.keys(graph.signatures)
    return await runner.exclusively(() => runner.call('load', { folder, signatures }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

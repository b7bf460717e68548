import { onnxEngine } from '@convkit/engine-onnx'
import { expect, test } from 'vitest'
import { differencesFromPeer, modelsWithOutputs, readOutputs } from './testing/peer-outputs.js'

const engine = await onnxEngine()

// From fixtures: needs no Python.
test.each(modelsWithOutputs())('%s computes what its peer does, at every stage', async (name) => {
  expect(await differencesFromPeer(name, readOutputs(name), engine)).toEqual([])
})

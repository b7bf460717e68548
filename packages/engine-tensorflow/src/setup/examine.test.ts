import { expect, test } from 'vitest'
import { examineTensorflow } from './examine.js'
import { fakeProject } from './testing/fake-project.js'

test('a package without a binding: what is missing, and the command that makes it', async () => {
  const { folder } = await fakeProject()
  expect(await examineTensorflow({ folder })).toEqual({
    ok: false,
    found: '@tensorflow/tfjs-node has no native binding',
    remedy: 'convkit setup tensorflow',
  })
})

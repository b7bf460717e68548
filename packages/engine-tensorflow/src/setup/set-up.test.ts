import { expect, test } from 'vitest'
import { setUpTensorflow } from './set-up.js'
import { makeFolder, writeFiles } from './testing/fake-project.js'

test('a package that is not installed: the command of the package manager that the project has', async () => {
  const folder = await makeFolder()
  await writeFiles(folder, { 'pnpm-lock.yaml': '' })
  await expect(setUpTensorflow({ folder, gpu: true })).rejects.toMatchObject({
    code: 'E_SETUP',
    message:
      '@tensorflow/tfjs-node-gpu is not installed; install it with: pnpm add --ignore-scripts @tensorflow/tfjs-node-gpu; then run this again',
  })
})

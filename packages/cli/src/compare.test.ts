import { expect, test } from 'vitest'
import { convkit } from './testing/test-host.js'

test('compare sets networks side by side', async () => {
  const { code, stdout } = await convkit('compare', 'vgg16', 'resnet50', '--json')
  expect(code).toBe(0)
  const { models } = JSON.parse(stdout) as { models: object[] }
  expect(models).toMatchObject([
    {
      name: 'vgg16',
      parameters: 138_357_544,
      receptiveField: [212, 212],
      stride: [32, 32],
      input: [224, 224, 3],
    },
    // the stride in the 3×3 convolution sees less than the paper's 483
    { name: 'resnet50', parameters: 25_557_032, receptiveField: [427, 427], stride: [32, 32] },
  ])
})

test('compare prints a table, for the size that is asked for', async () => {
  const { stdout } = await convkit('compare', 'resnet20', 'lenet5', '--size', '64')
  const [header, ...rows] = stdout.trim().split('\n')
  expect(header).toMatch(/^model +parameters +MACs +receptive field +stride +activations +input$/)
  expect(rows.map((row) => row.split(/ {2,}/).at(-1))).toEqual(['64×64×3', '64×64×1'])
})

test('compare refuses a size of 0 and an unknown name', async () => {
  expect((await convkit('compare', 'lenet5', '--size', '0')).stderr).toContain(
    '--size must be at least 1, got 0',
  )
  expect((await convkit('compare', 'lenet6')).stderr).toMatch(/no model 'lenet6' \(nearest: lenet5/)
})

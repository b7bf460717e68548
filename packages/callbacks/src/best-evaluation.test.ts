import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evaluate, fit, sgd } from '@convkit/train'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { confusion } from './confusion.js'
import { earlyStopping } from './early-stopping.js'
import { imageAnswers } from './shared/image-answers.js'
import { tinyTraining } from './testing/tiny-training.js'
import { topLosses } from './top-losses.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convkit-best-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('confusion and topLosses keep what the best epoch made of the validation images', async () => {
  const { model, train, validation } = await tinyTraining()
  const files = { matrix: join(folder, 'confusion.json'), images: join(folder, 'top-losses.json') }
  const { history } = await fit(model, train, {
    validation,
    epochs: 4,
    batchSize: 4,
    // so high a rate makes later epochs worse
    optimizer: sgd({ learningRate: 3 }),
    callbacks: [
      confusion({ file: files.matrix }),
      topLosses({ count: 3, file: files.images }),
      earlyStopping({ patience: 9 }),
    ],
  })
  const losses = history.map(({ val_loss }) => val_loss as number)
  const best = losses.indexOf(Math.min(...losses)) + 1
  const { confusion: matrix } = await evaluate(model, validation)
  expect(JSON.parse(await readFile(files.matrix, 'utf8'))).toEqual({
    epoch: best,
    classes: model.classes,
    matrix,
  })

  const { epoch, images } = JSON.parse(await readFile(files.images, 'utf8'))
  const answers: ReturnType<typeof imageAnswers> = []
  await evaluate(model, validation, { onBatch: (batch) => void answers.push(...imageAnswers(batch)) })
  const worst = answers.sort((a, b) => b.loss - a.loss).slice(0, 3)
  expect(epoch).toBe(best)
  expect(images.map(({ path }: { path: string }) => path)).toEqual(
    worst.map(({ index }) => validation.path(index)),
  )
  images.forEach(({ loss, label, predicted }: Record<string, unknown>, i: number) => {
    expect(loss).toBeCloseTo(worst[i]?.loss as number, 5)
    expect([label, predicted]).toEqual(
      [worst[i]?.label, worst[i]?.predicted].map((k) => model.classes[k as number]),
    )
  })
})

test('answers are probabilities, and the loss their logarithm, for large logits too', () => {
  const [first, second] = imageAnswers({
    indices: Int32Array.of(7, 9),
    labels: Int32Array.of(1, 0),
    logits: Float32Array.of(0, Math.log(3), 1000, -1000),
  })
  expect(first).toMatchObject({ index: 7, label: 1, predicted: 1 })
  expect(first?.probability).toBeCloseTo(0.75, 6)
  expect(first?.loss).toBeCloseTo(-Math.log(0.75), 6)
  expect(second).toEqual({ index: 9, label: 0, predicted: 0, probability: 1, labelProbability: 1, loss: 0 })
})

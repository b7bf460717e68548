// The four strategies on pretrained weights, and the one that auto chooses: validation accuracy and seconds of each.

import { mirror as mirrored } from '@convkit/augment'
import { createModel, createRegistry } from '@convkit/core'
import data, { cachedInputs, openDataset, subset } from '@convkit/data'
import onnx from '@convkit/engine-onnx'
import { adamW, cosine, fit, topK } from '@convkit/train'
import {
  chooseStrategy,
  embeddings,
  measureStages,
  nearestNeighbours,
  prepare,
  strategyNames,
  withCachedFeatures,
} from '@convkit/transfer'
import weights from '@convkit/weights'
import zoo from '@convkit/zoo'
import { writeCsv } from '../csv.mjs'

const columns = ['model', 'weights', 'data', 'images a class', 'strategy', 'top-1', 'chosen', 'seconds']

/** Wants a folder or file of images that is divided, and weights: `--data photos --weights weights --model resnet50`. */
export async function run({ transfer, isWanted, log }) {
  const {
    model: name,
    weights: source,
    data: path,
    perClass,
    epochs,
    batchSize,
    preprocessing,
    mirror,
  } = transfer
  if (!path || !source) throw new Error('transfer needs --data <folder> and --weights <file, folder or tag>')
  const registry = createRegistry(zoo, onnx, weights, data)
  const opened = await openDataset(path, {}, registry.datasets.values())
  if (!opened.validation) throw new Error(`${path} is not divided into training and validation images`)
  const classes = opened.train.classes
  const model = await createModel(name, { registry, weights: source, classes, preprocessing })
  const inputsOf = (dataset, count) => cachedInputs(firstOfEach(dataset, count), model.preprocessing)
  const train = inputsOf(opened.train, perClass)
  const validation = inputsOf(opened.validation, 100)
  log(
    `${name}: ${train.length} training and ${validation.length} validation images of ${classes.length} classes`,
  )

  const started = performance.now()
  const measures = await measureStages(model, train, { mirror })
  for (const { stages, width, top1, loss } of measures.scores) {
    log(`  ${stages.join('+').padEnd(48)} ${width} top-1 ${top1.toFixed(3)} loss ${loss.toFixed(3)}`)
  }
  const { strategy: chosen, reason } = chooseStrategy(measures)
  const measuring = seconds(started)
  log(`auto: ${chosen} after ${measuring.toFixed(0)} s, for ${reason}`)

  const rows = []
  for (const strategy of strategyNames.filter(isWanted)) {
    const begun = performance.now()
    const top1 = await trainBy(strategy, {
      model,
      train,
      validation,
      measures,
      epochs,
      batchSize,
      mirror,
      log,
    })
    const taken = measuring + seconds(begun)
    log(
      `${strategy.padEnd(20)} top-1 ${top1.toFixed(4)} in ${taken.toFixed(0)} s${strategy === chosen ? ' (auto)' : ''}`,
    )
    rows.push({ strategy, top1, seconds: taken, chosen: strategy === chosen })
  }
  const [known, asked] = [await embeddings(model, train), await embeddings(model, validation)]
  const knn = nearestNeighbours(known, asked, { classes: classes.length })
  log(`20 nearest neighbours  top-1 ${knn.top1.toFixed(4)}`)
  const short = (text) => text.replace(/\/+$/, '').split('/').slice(-1)[0]
  await writeCsv(
    'transfer',
    columns,
    rows.map((row) => [
      ...[name, short(source), short(path), perClass, row.strategy],
      ...[row.top1.toFixed(4), row.chosen ? 'auto' : '', Math.round(row.seconds)],
    ]),
    { keys: 5 },
  )
  return rows
}

async function trainBy(strategy, { model, train, validation, measures, epochs, batchSize, mirror, log }) {
  const prepared = await prepare(strategy, model, train, { measures })
  const phases = await withCachedFeatures(prepared.model, prepared.phases, { train, validation }, { mirror })
  const { history } = await fit(prepared.model, train, {
    validation,
    epochs,
    batchSize,
    phases,
    ...(mirror && { augment: mirrored }),
    optimizer: adamW({ learningRate: prepared.learningRate, weightDecay: 0.01 }),
    schedule: cosine({ warmup: { epochs: epochs / 10 } }),
    evaluateEvery: epochs,
    metrics: [topK(1)],
    callbacks: [
      { name: 'log', onEpochEnd: (epoch, { loss }) => log(`  ${epoch + 1} loss ${loss.toFixed(3)}`) },
    ],
  })
  await prepared.model.dispose()
  return history.at(-1).val_top1
}

/** The first `count` images of each class. */
function firstOfEach(dataset, count) {
  const seen = new Array(dataset.classes.length).fill(0)
  const indices = Array.from({ length: dataset.length }, (_, index) => index)
  return subset(
    dataset,
    indices.filter((index) => seen[dataset.labels[index]]++ < count),
  )
}

const seconds = (from) => (performance.now() - from) / 1000

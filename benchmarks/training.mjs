// Training steps in images per second: convkit's engines beside PyTorch, taking turns on one machine.

import { fileURLToPath } from 'node:url'
import { python, pythonEnvironment } from '../tools/python.mjs'
import { race, start } from './contestant.mjs'
import { writeCsv } from './csv.mjs'

const cases = [
  { model: 'resnet18', size: 224, batchSize: 16 },
  { model: 'resnet50', size: 224, batchSize: 8 },
  { model: 'vgg11_bn', size: 224, batchSize: 8 },
]
const engines = ['onnx']
const layouts = { 'PyTorch eager': 'contiguous', 'PyTorch channels_last': 'channels_last' }

const local = (path) => fileURLToPath(new URL(path, import.meta.url))

export async function run({ rounds, steps, only, log }) {
  const peer = python()
  if (peer.missing) log(`No Python peers: ${peer.missing}`)
  const rows = []
  for (const options of cases) {
    const { model, size, batchSize } = options
    const name = `${model} ${size}×${size}, batch ${batchSize}`
    if (!name.includes(only)) continue
    const contestants = [
      ...(await Promise.all(engines.map((engine) => convkit(engine, { ...options, engine })))),
      ...(peer.path
        ? await Promise.all(
            Object.entries(layouts).map(([label, layout]) => torch(label, peer.path, { ...options, layout })),
          )
        : []),
    ]
    const medians = await race(contestants, { rounds, steps })
    for (const contestant of contestants) contestant.stop()

    const rate = (label) => round(batchSize / (medians.get(label) / 1000))
    const rates = (labels) =>
      Object.fromEntries(labels.filter((label) => medians.has(label)).map((label) => [label, rate(label)]))
    const row = { case: name, convkit: rates(engines), peers: rates(Object.keys(layouts)) }
    rows.push(row)
    log(describe(row))
  }
  await writeCsv('training', ['case', 'contestant', 'images per second'], rows.flatMap(lines))
  return rows
}

const convkit = (name, options) =>
  start(name, process.execPath, [local('contestants/training.mjs'), JSON.stringify(options)])
const torch = (name, path, options) =>
  start(name, path, [local('contestants/training.py'), JSON.stringify(options)], { env: pythonEnvironment })

const round = (value) => Math.round(value * 100) / 100

function lines({ case: name, convkit: ours, peers }) {
  return [
    ...Object.entries(ours).map(([engine, rate]) => [name, `convkit ${engine}`, rate]),
    ...Object.entries(peers).map(([peer, rate]) => [name, peer, rate]),
  ]
}

function describe(row) {
  return lines(row)
    .map(
      ([, contestant, rate]) =>
        `${row.case}  ${contestant.padEnd(22)} ${rate.toFixed(1).padStart(7)} images/s`,
    )
    .join('\n')
}

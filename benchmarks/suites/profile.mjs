// Where the time of a training step goes in ONNX Runtime, op by op, as a Markdown table.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { arrayDataset } from '@convkit/data'
import { fit, sgd } from '@convkit/train'
import { cases, describeCase } from '../cases.mjs'
import { createContestant, someImages } from '../contestants/model.mjs'

const require = createRequire(fileURLToPath(import.meta.resolve('@convkit/engine-onnx')))
const { InferenceSession } = require('onnxruntime-node')

export async function run({ steps, isWanted }) {
  for (const options of cases.filter((options) => isWanted(describeCase(options)))) {
    const folder = await mkdtemp(join(tmpdir(), 'convkit-profile-'))
    await train(options, steps, folder)
    const events = []
    for (const file of await readdir(folder))
      events.push(...JSON.parse(await readFile(join(folder, file), 'utf8')))
    await rm(folder, { recursive: true })
    console.log(report(describeCase(options), events, steps))
  }
  return []
}

/** Trains with every session of the library profiled into the folder, after a few steps that are not. */
async function train(options, steps, folder) {
  const { create } = InferenceSession
  const sessions = []
  InferenceSession.create = async (model, own) => {
    const profiled = { ...own, enableProfiling: true, profileFilePrefix: join(folder, 'session') }
    const session = await create.call(InferenceSession, model, profiled)
    sessions.push(session)
    return session
  }
  const model = await createContestant({ ...options, engine: 'onnx' })
  sessions.length = 0
  for (const file of await readdir(folder)) await rm(join(folder, file))
  const images = someImages(2 * options.batchSize, options.size)
  const labels = images.map((_, i) => i % model.classes.length)
  let left = warmUp + steps
  const limit = {
    name: 'limit',
    onBatchEnd(_, __, { control }) {
      left--
      if (left === 0) for (const session of sessions) session.endProfiling()
      control.stop = left === 0
    },
  }
  await fit(model, arrayDataset({ images, labels, classes: model.classes }), {
    epochs: 1000,
    batchSize: options.batchSize,
    optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }),
    metrics: [],
    callbacks: [limit],
  })
  InferenceSession.create = create
}

/** The first steps touch memory for the first time. */
const warmUp = 3

function report(title, events, steps) {
  const nodes = new Map()
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue
    const node = name.slice(0, -'_kernel_time'.length)
    const known = nodes.get(node) ?? { node, op: args.op_name, shapes: shapesOf(args), times: [] }
    known.times.push(dur / 1000)
    nodes.set(node, known)
  }
  const all = [...nodes.values()].map(({ times, ...node }) => ({ ...node, ms: median(times.slice(-steps)) }))
  const total = all.reduce((sum, { ms }) => sum + ms, 0)
  const byOp = Map.groupBy ? Map.groupBy(all, ({ op }) => op) : groupBy(all)
  const ops = [...byOp]
    .map(([op, members]) => ({ op, count: members.length, ms: members.reduce((sum, { ms }) => sum + ms, 0) }))
    .sort((a, b) => b.ms - a.ms)
  const share = (ms) => `${((100 * ms) / total).toFixed(1)} %`
  return [
    `# ${title}: ${total.toFixed(0)} ms in ${all.length} nodes`,
    '',
    '| op | nodes | ms | share |',
    '|---|---|---|---|',
    ...ops.slice(0, 16).map(({ op, count, ms }) => `| ${op} | ${count} | ${ms.toFixed(1)} | ${share(ms)} |`),
    '',
    '| slowest nodes | ms | share | shapes |',
    '|---|---|---|---|',
    ...all
      .sort((a, b) => b.ms - a.ms)
      .slice(0, 40)
      .map(({ op, node, ms, shapes }) => `| ${op} ${node} | ${ms.toFixed(1)} | ${share(ms)} | ${shapes} |`),
  ].join('\n')
}

function groupBy(nodes) {
  const groups = new Map()
  for (const node of nodes) groups.set(node.op, [...(groups.get(node.op) ?? []), node])
  return groups
}

function shapesOf({ input_type_shape: inputs = [], output_type_shape: outputs = [] }) {
  const list = (values) => values.map((value) => Object.values(value)[0].join('×')).join(' ')
  return `${list(inputs)} → ${list(outputs)}`
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}

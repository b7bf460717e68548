import { floatTensor, random } from '@convkit/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { renderReport } from './render-report.js'
import type { ReportData } from './report-data.js'

const classes = ['cat', 'dog & wolf', '<b>fox</b>']
const stream = random(3, 'report')
const answers = Array.from({ length: 40 }, (_, i) => {
  const probability = 0.34 + 0.66 * stream.uniform(i)
  return { probability, isCorrect: stream.uniform(1000 + i) < probability }
})
const picture = {
  height: 40,
  width: 60,
  channels: 3 as const,
  data: new Uint8Array(40 * 60 * 3).map((_, i) => i % 251),
}

const data: ReportData = {
  title: 'runs/train-3',
  subtitle: 'resnet18 on photos: 412 images, 3 classes',
  figures: [{ label: 'Top-1', value: '93.9 %', note: '87–97 %' }],
  warnings: ['fox has 3.0× fewer images than cat'],
  history: [
    { loss: 1, top1: 0.3, val_loss: 1.1, val_top1: 0.4, lr: 0.1, seconds: 1 },
    { loss: Number.NaN, top1: 0.6, val_loss: 0.8, val_top1: 0.7, lr: 0.1, seconds: 1 },
  ],
  best: 2,
  steps: Array.from({ length: 1500 }, (_, i) => ({ step: i + 1, loss: 1 / (i + 1), lr: 0.1 })),
  rates: {
    points: Array.from({ length: 40 }, (_, i) => ({
      learningRate: 10 ** (-5 + i / 8),
      loss: Math.abs(i - 20),
      smoothed: Math.abs(i - 20.5),
    })),
    suggestion: 10 ** (-5 + 16 / 8),
  },
  validation: {
    classes,
    confusion: [
      [10, 2, 0],
      [1, 12, 0],
      [0, 3, 12],
    ],
    perClass: classes.map((label) => ({ label, precision: 0.9, recall: 0.8, f1: 0.85, images: 13 })),
    answers,
  },
  worst: [
    {
      picture,
      attention: floatTensor([2, 2], Float32Array.of(0, 1, 0.5, 0)),
      path: 'fox/"1".png',
      label: classes[2] as string,
      predicted: 'cat',
      probability: 0.9,
      loss: 3.2,
    },
  ],
  samples: { picture, caption: 'As the network sees them.' },
  records: [{ title: 'Settings', values: { epochs: '2' } }],
}

let page: string
beforeAll(async () => {
  page = await renderReport(data)
})

const ids = (text: string) => [...text.matchAll(/<section id="(\w+)"/g)].map(([, id]) => id)

describe('renderReport', () => {
  it('has all sections in order, and a chart for each value', () => {
    expect(ids(page)).toEqual([
      'training',
      'confusion',
      'classes',
      'calibration',
      'worst',
      'samples',
      'records',
    ])
    const names = [...page.matchAll(/<svg role="img" aria-label="([^"]*)"/g)].map(([, name]) => name)
    expect(names).toEqual([
      'Loss',
      'Top-1 accuracy',
      'Loss of each step',
      'Learning rate',
      'Learning-rate test',
      'Confusion matrix',
      'Reliability diagram',
      'Images by confidence',
    ])
  })

  it('marks the learning rate that a test suggests, on a logarithmic axis', async () => {
    const chart = page.match(/aria-label="Learning-rate test"[\s\S]*?<\/svg>/)?.[0] ?? ''
    const labels = [...chart.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, label]) => label)
    expect(labels).toEqual(expect.arrayContaining(['1e-5', '1e-4', '1e-3', '1e-2', '1e-1', 'suggested']))
    const { points = [] } = data.rates ?? {}
    const without = await renderReport({ ...data, rates: { points } })
    expect(without).toContain('Learning-rate test')
    expect(without).not.toContain('suggested')
  })

  it('asks for nothing from elsewhere and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|url\((?!#)|@import/i)
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address as string)
    expect(addresses.length).toBe(3)
    for (const address of addresses) expect(address).toMatch(/^data:image\/webp;base64,/)
  })

  it('escapes names of classes and files, in charts too', () => {
    expect(page).not.toContain('<b>fox</b>')
    expect(page).toContain('&lt;b&gt;fox&lt;/b&gt;')
    expect(page).toContain('alt="fox/&quot;1&quot;.png"')
  })

  it('is the same for the same data', async () => {
    const plain = (text: string) => text.replace(/zr\d+-(cls-)?\d*/g, 'zr')
    expect(plain(await renderReport(data))).toBe(plain(page))
  })

  it('leaves out what there is nothing to say of', async () => {
    const { history, title, subtitle } = data
    expect(ids(await renderReport({ title, subtitle, figures: [], history }))).toEqual(['training'])
    expect(ids(await renderReport({ title, subtitle, figures: [], history: [] }))).toEqual([])
  })
})

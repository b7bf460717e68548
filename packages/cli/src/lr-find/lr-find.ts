import { writeFile } from 'node:fs/promises'
import { ConvkitError, selectEngine } from '@convkit/core'
import type { LearningRateCurve } from '@convkit/transfer'
import type { LrFindOptions } from '../commands/lr-find.js'
import { type CommandContext, engineOptions } from '../shared/options.js'
import { augmentationOf, defaultAugment } from '../train/augment.js'
import { resolveConfig } from '../train/config.js'
import { openRunData, printData } from '../train/data.js'
import { createRunModel } from '../train/model.js'
import { measureRates } from './measure-rates.js'
import { plot } from './plot.js'

/** `convkit lr-find <data>` */
export async function findRate(
  data: string,
  { steps, from, to, svg, ...flags }: LrFindOptions,
  { host, report }: CommandContext,
): Promise<void> {
  const config = await resolveConfig(data, { ...flags })
  const registry = await host.registry()
  const engine = await selectEngine(registry.engines.values(), config.engine, engineOptions(config))
  const images = await openRunData(config, registry.datasets.values(), report)
  printData(config, images, report)
  const { model, origin } = await createRunModel(config, images, engine, registry)
  report.line('Model', `${model.name}, ${origin}`)
  const augmentation = augmentationOf(
    { ...config, augment: config.augment ?? defaultAugment(images) },
    registry,
  )
  const curve = await measureRates(config, { model, data: images, augmentation }, report, { steps, from, to })
  await model.dispose()
  if (svg !== undefined) await writeSvg(svg, curve)
  report.result({ ...curve, ...(svg !== undefined && { svg }) }, textOf(curve))
}

async function writeSvg(file: string, curve: LearningRateCurve): Promise<void> {
  const { learningRateChart } = await import('@convkit/report')
  await writeFile(file, learningRateChart(curve)).catch((error: Error) => {
    throw new ConvkitError('E_OUTPUT', `${file} cannot be written: ${error.message}`)
  })
}

function textOf({ points, suggestion }: LearningRateCurve): string {
  const rates = points.map(({ learningRate }) => learningRate)
  const picture = plot(
    points.map(({ smoothed }) => smoothed),
    { marked: suggestion === undefined ? undefined : rates.indexOf(suggestion) },
  )
  const [first = 0, last = 0] = [rates[0], rates.at(-1)]
  const axis = `learning rate ${first.toExponential(0)} to ${last.toExponential(0)}, on a logarithmic scale`
  const advice =
    suggestion === undefined
      ? 'No suggestion: the loss never fell; try a smaller --from, or more --steps'
      : `Suggestion: --lr ${suggestion.toPrecision(2)}, where the loss falls fastest`
  return [picture, axis, advice].join('\n')
}

import type { Logs } from '@convkit/core'
import type { Html } from '../html.js'
import type { RateTest, StepLogs } from '../report-data.js'
import { chart } from './chart.js'
import { theme, valueAxis } from './theme.js'

const size = { width: 520, height: 280 }

/** A value of training and validation over the epochs, the best one marked. */
export function epochCurves(title: string, key: string, history: readonly Logs[], best?: number): Html {
  const series = [
    { name: 'training', key, color: theme.train },
    { name: 'validation', key: `val_${key}`, color: theme.validation },
  ].filter((line) => history.some((logs) => line.key in logs))
  return chart(
    title,
    {
      ...frame(series.map(({ name }) => name)),
      xAxis: { ...xAxis, name: 'epoch', min: 1, max: Math.max(2, history.length), minInterval: 1 },
      yAxis: valueAxis,
      series: series.map(({ name, key: own, color }, index) => ({
        name,
        type: 'line',
        silent: true,
        data: history.map((logs, epoch) => [epoch + 1, finite(logs[own])]),
        smooth: 0.15,
        showSymbol: history.length <= 40,
        symbol: 'circle',
        symbolSize: 5,
        lineStyle: { width: 2.5 },
        color,
        ...(index === series.length - 1 && best !== undefined && { markLine: bestMark(best) }),
      })),
    },
    size,
  )
}

/** The learning rate or the loss at each step. */
export function stepCurve(
  title: string,
  key: 'loss' | 'lr',
  steps: readonly StepLogs[],
  color: string,
): Html {
  const isRate = key === 'lr'
  return chart(
    title,
    {
      ...frame([]),
      xAxis: { ...xAxis, name: 'step', min: 'dataMin', max: 'dataMax' },
      yAxis: {
        ...valueAxis,
        scale: !isRate,
        ...(isRate && { axisLabel: { ...valueAxis.axisLabel, formatter: rateLabel } }),
      },
      series: [
        {
          type: 'line',
          silent: true,
          data: thinned(steps, 600).map((logs) => [logs.step, finite(logs[key])]),
          showSymbol: false,
          lineStyle: { width: isRate ? 2.5 : 1.5 },
          color,
          ...(isRate && { areaStyle: { opacity: 0.08 } }),
        },
      ],
    },
    size,
  )
}

/** Loss over growing learning rates, the suggested one marked. */
export function rateCurve(title: string, { points, suggestion }: RateTest): Html {
  const lines = [
    { name: 'loss of a step', key: 'loss', color: theme.train, width: 1 },
    { name: 'smoothed', key: 'smoothed', color: theme.validation, width: 2.5 },
  ] as const
  return chart(
    title,
    {
      ...frame(lines.map(({ name }) => name)),
      xAxis: {
        ...xAxis,
        type: 'log',
        name: 'learning rate',
        min: 'dataMin',
        max: 'dataMax',
        axisLabel: { ...xAxis.axisLabel, formatter: powerLabel },
      },
      yAxis: valueAxis,
      series: [
        ...lines.map(({ name, key, color, width }) => ({
          name,
          type: 'line',
          silent: true,
          data: points.map((point) => [point.learningRate, finite(point[key])]),
          showSymbol: false,
          lineStyle: { width },
          color,
        })),
        // A line across has no place on a logarithmic axis.
        {
          type: 'line',
          silent: true,
          data: points
            .filter(({ learningRate }) => learningRate === suggestion)
            .map(({ learningRate, smoothed }) => [learningRate, smoothed]),
          symbol: 'circle',
          symbolSize: 9,
          color: theme.accent,
          label: { show: true, formatter: 'suggested', position: 'top', color: theme.accent, fontSize: 11 },
        },
      ],
    },
    size,
  )
}

const xAxis = {
  ...valueAxis,
  splitLine: { show: false },
  axisLine: { show: true, lineStyle: { color: theme.line } },
  nameLocation: 'middle',
  nameGap: 26,
} as const

const frame = (names: readonly string[]) => ({
  grid: { left: 56, right: 20, top: names.length > 0 ? 48 : 14, bottom: 44 },
  ...(names.length > 0 && {
    legend: {
      data: names,
      top: 0,
      right: 8,
      // widths of texts are guessed where there is no browser
      itemGap: 28,
      icon: 'roundRect',
      itemWidth: 14,
      itemHeight: 4,
      textStyle: { color: theme.soft, fontSize: 12 },
    },
  }),
})

const bestMark = (epoch: number) => ({
  symbol: 'none',
  silent: true,
  lineStyle: { color: theme.accent, type: 'dashed', width: 1.5 },
  label: { formatter: 'best', color: theme.accent, fontSize: 11 },
  data: [{ xAxis: epoch }],
})

const rateLabel = (value: number) => (value === 0 ? '0' : value.toExponential(1))

/** Ends of an axis that are no power of ten have no label. */
const powerLabel = (value: number) => (Number.isInteger(Math.log10(value)) ? value.toExponential(0) : '')

/** What is not finite has no point. */
const finite = (value: number | undefined) => (Number.isFinite(value) ? value : null)

/** At most so many points, each the mean of neighbours. */
function thinned(steps: readonly StepLogs[], most: number): readonly StepLogs[] {
  if (steps.length <= most) return steps
  const group = Math.ceil(steps.length / most)
  return Array.from({ length: Math.ceil(steps.length / group) }, (_, i) => {
    const part = steps.slice(i * group, (i + 1) * group)
    const mean = (key: keyof StepLogs) => part.reduce((sum, logs) => sum + logs[key], 0) / part.length
    return { step: Math.round(mean('step')), loss: mean('loss'), lr: mean('lr') }
  })
}

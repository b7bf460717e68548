import type { Calibration } from '../calibration.js'
import type { Html } from '../html.js'
import { chart } from './chart.js'
import { theme, valueAxis } from './theme.js'

/** A reliability diagram: accuracy by confidence, and the line on which both are alike. */
export function reliabilityChart({ bins }: Calibration): Html {
  const centre = ({ from, to }: { from: number; to: number }) => (from + to) / 2
  return chart(
    'Reliability diagram',
    {
      grid: { left: 56, right: 20, top: 14, bottom: 44 },
      xAxis: { ...valueAxis, ...share, name: 'confidence', nameLocation: 'middle', nameGap: 26 },
      yAxis: { ...valueAxis, ...share, name: 'accuracy', nameLocation: 'middle', nameGap: 40 },
      series: [
        {
          type: 'bar',
          silent: true,
          barWidth: Math.floor(400 / bins.length),
          itemStyle: { color: theme.validation, borderRadius: [3, 3, 0, 0] },
          data: bins.filter(({ images }) => images > 0).map((bin) => [centre(bin), bin.accuracy]),
        },
        {
          type: 'line',
          silent: true,
          showSymbol: false,
          lineStyle: { color: theme.soft, type: 'dashed', width: 1.5 },
          data: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
    },
    { width: 520, height: 320 },
  )
}

/** How many images have which confidence. */
export function confidenceChart({ bins }: Calibration): Html {
  return chart(
    'Images by confidence',
    {
      grid: { left: 56, right: 20, top: 14, bottom: 44 },
      xAxis: { ...valueAxis, ...share, name: 'confidence', nameLocation: 'middle', nameGap: 26 },
      yAxis: {
        ...valueAxis,
        scale: false,
        name: 'images',
        nameLocation: 'middle',
        nameGap: 40,
        minInterval: 1,
      },
      series: [
        {
          type: 'bar',
          silent: true,
          barWidth: Math.floor(400 / bins.length),
          itemStyle: { color: theme.train, borderRadius: [3, 3, 0, 0] },
          data: bins.map(({ from, to, images }) => [(from + to) / 2, images]),
        },
      ],
    },
    { width: 520, height: 320 },
  )
}

const share = { min: 0, max: 1, scale: false, interval: 0.2 } as const

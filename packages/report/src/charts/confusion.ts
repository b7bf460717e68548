import type { Html } from '../html.js'
import type { ValidationData } from '../report-data.js'
import { chart } from './chart.js'
import { theme } from './theme.js'

/** Up to how many classes a matrix can be read. */
export const confusionLimit = 60
/** Up to how many classes its cells have numbers. */
const numberLimit = 20

/** The confusion matrix: a row for each class, its shares as colours. */
export function confusionChart({ classes, confusion }: ValidationData): Html {
  const cells = confusion.flatMap((row, label) => {
    const total = Math.max(
      1,
      row.reduce((sum, images) => sum + images, 0),
    )
    return row.map((images, predicted) => {
      const share = images / total
      return {
        value: [predicted, label, share],
        label: {
          formatter: images === 0 ? '' : String(images),
          color: share > 0.55 ? '#ffffff' : theme.ink,
        },
      }
    })
  })
  const cell = Math.max(12, Math.min(90, 640 / classes.length))
  const longest = Math.min(24, Math.max(...classes.map((name) => name.length)))
  const margin = 28 + 7 * longest
  const isSlanted = 7 * longest > cell
  const below = isSlanted ? 36 + 5 * longest : 48
  const side = cell * classes.length
  const axis = {
    type: 'category',
    data: [...classes],
    axisLine: { show: false },
    axisTick: { show: false },
    splitArea: { show: false },
  } as const
  const axisLabel = { color: theme.ink, fontSize: 11, width: 7 * 24, overflow: 'truncate', interval: 0 }
  return chart(
    'Confusion matrix',
    {
      grid: { left: margin, right: 12, top: 12, bottom: below },
      xAxis: {
        ...axis,
        name: 'predicted',
        nameLocation: 'middle',
        nameGap: below - 16,
        nameTextStyle: { color: theme.soft },
        axisLabel: { ...axisLabel, rotate: isSlanted ? 45 : 0 },
      },
      yAxis: {
        ...axis,
        inverse: true,
        name: 'label',
        nameLocation: 'middle',
        nameGap: margin - 16,
        nameTextStyle: { color: theme.soft },
        axisLabel,
      },
      visualMap: {
        show: false,
        min: 0,
        max: 1,
        dimension: 2,
        inRange: { color: ['#f8fafc', '#bfdbfe', '#3b82f6', '#1e3a8a'] },
      },
      series: [
        {
          type: 'heatmap',
          silent: true,
          data: cells,
          label: { show: classes.length <= numberLimit, fontSize: 12 },
          itemStyle: { borderColor: '#ffffff', borderWidth: 2, borderRadius: 4 },
        },
      ],
    },
    { width: side + margin + 12, height: side + below + 12 },
  )
}

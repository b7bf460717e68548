import { BarChart, HeatmapChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent, VisualMapComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { type Html, trusted } from '../html.js'
import { theme } from './theme.js'

use([
  BarChart,
  HeatmapChart,
  LineChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  VisualMapComponent,
  SVGRenderer,
])

export interface ChartSize {
  readonly width: number
  readonly height: number
}

/** Draws a chart as an SVG that needs no script; `title` is what it shows, for those who cannot see it. */
export function chart(title: string, option: EChartsCoreOption, { width, height }: ChartSize): Html {
  const instance = init(null, null, { renderer: 'svg', ssr: true, width, height })
  instance.setOption({
    animation: false,
    textStyle: { fontFamily: theme.font, color: theme.ink },
    ...option,
  })
  const svg = instance.renderToSVGString({ useViewBox: true })
  instance.dispose()
  const label = title.replace(/[&<>"]/g, '')
  return trusted(
    svg
      .replace('<svg ', `<svg role="img" aria-label="${label}" style="max-width:${width}px" `)
      // what the library's own script would read
      .replace(/ ecmeta_\w+="[^"]*"/g, ''),
  )
}

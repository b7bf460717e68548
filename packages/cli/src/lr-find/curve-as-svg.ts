import type { LearningRateCurve } from '@convkit/transfer'

/** The curve as an SVG picture, the suggestion marked. */
export async function curveAsSvg({ points, suggestion }: LearningRateCurve): Promise<string> {
  const { init } = await import('echarts')
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 720, height: 400 })
  const line = (name: string, key: 'loss' | 'smoothed', width: number) => ({
    type: 'line' as const,
    name,
    showSymbol: false,
    lineStyle: { width },
    data: points.map((point) => [point.learningRate, point[key]]),
  })
  chart.setOption({
    animation: false,
    legend: {},
    xAxis: { type: 'log', name: 'learning rate', nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: 'value', name: 'loss', scale: true },
    series: [
      line('loss of a step', 'loss', 1),
      {
        ...line('smoothed', 'smoothed', 2),
        ...(suggestion !== undefined && {
          markLine: { symbol: 'none', data: [{ xAxis: suggestion, name: 'suggestion' }] },
        }),
      },
    ],
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

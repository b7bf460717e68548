/** Colours and type of the page and its charts. */
export const theme = {
  train: '#94a3b8',
  validation: '#2563eb',
  good: '#16a34a',
  bad: '#dc2626',
  accent: '#f59e0b',
  ink: '#0f172a',
  soft: '#64748b',
  line: '#e2e8f0',
  /** Names without quotes, which attributes of an SVG have already. */
  font: 'ui-sans-serif, system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif',
} as const

/** A value axis with faint lines and small labels. */
export const valueAxis = {
  type: 'value',
  scale: true,
  axisLine: { show: false },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: theme.line } },
  axisLabel: { color: theme.soft, fontSize: 11 },
  nameTextStyle: { color: theme.soft, fontSize: 11 },
} as const

import { expect, test } from 'vitest'
import { formatDuration, formatValue } from './format.js'

test.each([
  [0, '0:00'],
  [3.4, '0:03'],
  [59.6, '1:00'],
  [754, '12:34'],
  [3723, '1:02:03'],
])('%d seconds is %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})

test.each([
  ['loss', 0.91204, '0.9120', '0.912'],
  ['loss', 251.66041, '251.66', '251.7'],
  ['loss', 98_765.4, '98765', '98765'],
  ['loss', 1e5, '1.0e+5', '1.0e+5'],
  ['loss', 1e-6, '1.0e-6', '1.0e-6'],
  ['loss', Number.NaN, 'NaN', 'NaN'],
  ['val_top5', 0.93912, '0.939', '0.94'],
  ['lr', 0.00123, '1.2e-3', '1.2e-3'],
  ['imagesPerSecond', 7.04, '7.0', '7.0'],
  ['anything', undefined, '–', '–'],
])('%s %d', (key, value, table, live) => {
  expect([formatValue(key, value), formatValue(key, value, 'live')]).toEqual([table, live])
})

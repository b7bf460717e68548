import { expect, test } from 'vitest'
import { code, markdownTable, plain } from './markdown.js'

test('what Markdown or Vue would take for its own stays text', () => {
  expect(plain('a <b> | {{ c }} *d*')).toBe('a &lt;b> \\| &#123;&#123; c }} \\*d\\*')
  expect(code('--lr <number|auto>')).toBe('<code v-pre>--lr &lt;number\\|auto></code>')
})

test('a table has a line a row', () => {
  expect(markdownTable(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |')
})

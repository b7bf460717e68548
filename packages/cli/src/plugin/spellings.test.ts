import { expect, test } from 'vitest'
import { spellingsOf } from './spellings.js'

test.each(['wide-net', 'wide_net', 'WideNet', 'wideNet', 'convkit-plugin-wide-net'])('%s', (name) => {
  expect(spellingsOf(name)).toEqual({
    package: 'convkit-plugin-wide-net',
    kebab: 'wide-net',
    snake: 'wide_net',
    camel: 'wideNet',
    pascal: 'WideNet',
  })
})

test('a scope is the package’s', () => {
  expect(spellingsOf('@me/net2').package).toBe('@me/convkit-plugin-net2')
})

test.each(['', '2net', '../net', 'net-', 'a b', '@me/'])('%j is refused', (name) => {
  expect(() => spellingsOf(name)).toThrow(`such as wide-net; got '${name}'`)
})

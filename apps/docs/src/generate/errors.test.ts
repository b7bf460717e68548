import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { errorPage } from './errors.js'

const text = errorPage(fileURLToPath(new URL('../../../../packages', import.meta.url)))

const sectionOf = (errorCode: string) => text.split(/^## /m).find((part) => part.startsWith(errorCode)) ?? ''

test('names the packages that give a code, and what they say', () => {
  expect(sectionOf('E_UNKNOWN_MODEL')).toContain('@convkit/core')
  expect(sectionOf('E_UNKNOWN_MODEL')).toContain("No model is called '…'")
})

test('has each code once, and an anchor for links from the API', () => {
  const codes = [...text.matchAll(/^## (E_[A-Z_]+) \{#(\w+)\}$/gm)]
  expect(codes.length).toBeGreaterThan(50)
  expect(new Set(codes.map(([, code]) => code)).size).toBe(codes.length)
  for (const [, code, anchor] of codes) expect(anchor).toBe(code?.toLowerCase())
})

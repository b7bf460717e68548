import { expect, test } from 'vitest'
import { requirePlatform } from './platform.js'

test('a binding is made on Linux x64 with glibc', () => {
  expect(() => requirePlatform({ platform: 'linux', arch: 'x64', glibc: '2.36' })).not.toThrow()
})

test.each([
  [{ platform: 'darwin', arch: 'arm64' }, 'this is darwin arm64;'],
  [{ platform: 'linux', arch: 'arm64', glibc: '2.36' }, 'this is linux arm64;'],
  [{ platform: 'linux', arch: 'x64' }, 'this is linux x64 without glibc;'],
])('%j is told what is supported', (platform, text) => {
  expect(() => requirePlatform(platform)).toThrow(
    expect.objectContaining({ code: 'E_SETUP', message: expect.stringContaining(text) }),
  )
})

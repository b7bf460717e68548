import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runCommand, tellingLine } from './command.js'

const node = (code: string, timeout = 30_000, signal?: AbortSignal) =>
  runCommand(process.execPath, ['-e', code], { timeout, ...(signal && { signal }) })

test('output, and why a command failed', async () => {
  expect(await node('console.log("out"); console.error("err")')).toEqual({
    stdout: 'out\n',
    output: expect.stringMatching(/^(out\nerr\n|err\nout\n)$/),
  })
  expect(await node('process.exit(3)')).toMatchObject({ failure: 'exit code 3' })
  expect(await node('process.kill(process.pid, "SIGSEGV")')).toMatchObject({ failure: 'SIGSEGV' })
  expect(await runCommand('no-such-command', [], { timeout: 1000 })).toEqual({
    stdout: '',
    output: '',
    failure: 'not found',
  })
})

test('a command that takes too long ends with all that it started', async () => {
  // the output stays open until the last of them has ended
  const start = "require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' })"
  expect(await node(start, 1000)).toMatchObject({ failure: 'not done after 1 s' })
})

test('a command is ended early with a reason', async () => {
  const controller = new AbortController()
  const running = node('setTimeout(() => {}, 60000)', 60_000, controller.signal)
  await setTimeout(50)
  controller.abort(new Error('nothing came'))
  expect(await running).toMatchObject({ failure: 'nothing came' })
})

test.each([
  [
    'Compiling\nx.cc:1:10: fatal error: a.h: No such file\nmake: *** Error 1',
    'x.cc:1:10: fatal error: a.h: No such file',
  ],
  ['WARNING: old\nERROR: No matching distribution', 'ERROR: No matching distribution'],
  ['at x.js:1\nError: getaddrinfo ENOTFOUND a.b\n    at c', 'Error: getaddrinfo ENOTFOUND a.b'],
  ['first\nlast\n', 'last'],
])('the line that tells the most of %j', (output, line) => {
  expect(tellingLine({ stdout: '', output, failure: 'exit code 1' })).toBe(`${line} (exit code 1)`)
})

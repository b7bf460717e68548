import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runCommand, tellingLine } from './command.js'
import { makeFolder } from './testing/fake-project.js'

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
  const file = join(await makeFolder(), 'pid')
  const code = `
    const child = require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' })
    require('node:fs').writeFileSync(${JSON.stringify(file)}, String(child.pid))`
  expect(await node(code, 1000)).toMatchObject({ failure: 'not done after 1 s' })
  const pid = Number(await readFile(file, 'utf8'))
  await expect.poll(() => isAlive(pid)).toBe(false)
})

test('a command is ended early with a reason', async () => {
  const controller = new AbortController()
  const running = node('setTimeout(() => {}, 60000)', 60_000, controller.signal)
  await setTimeout(50)
  controller.abort(new Error('nothing came'))
  expect(await running).toMatchObject({ failure: 'nothing came' })
})

test.each([
  ['Compiling\nx.cc:1:10: fatal error: a.h: No such file\nmake: *** Error 1', 'x.cc:1:10: fatal error: a.h: No such file'],
  ['WARNING: old\nERROR: No matching distribution', 'ERROR: No matching distribution'],
  ['at x.js:1\nError: getaddrinfo ENOTFOUND a.b\n    at c', 'Error: getaddrinfo ENOTFOUND a.b'],
  ['first\nlast\n', 'last'],
])('the line that tells the most of %j', (output, line) => {
  expect(tellingLine({ stdout: '', output, failure: 'exit code 1' })).toBe(`${line} (exit code 1)`)
})

function isAlive(pid: number): boolean {
  try {
    // a process that ended stays until its parent, which may be init, has seen it
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

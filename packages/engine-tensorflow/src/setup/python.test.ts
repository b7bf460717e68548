import { expect, test } from 'vitest'
import { findPython } from './python.js'
import { fakeContext } from './testing/fake-project.js'

const answer = { path: '/usr/bin/python', version: '3.12.1', hasPip: true }

test('python3, or python where there is none', async () => {
  const { context, ran } = fakeContext([[/^python -c/, () => JSON.stringify(answer)]])
  expect(await findPython(context)).toEqual({ python: answer, missing: '' })
  expect(ran.map((line) => line.split(' ')[0])).toEqual(['python3', 'python'])
})

test('the one that is named, and no other', async () => {
  const { context, ran } = fakeContext([[/^python3 -c/, () => JSON.stringify(answer)]])
  expect(await findPython(context, '/opt/python')).toEqual({ missing: '/opt/python: not found' })
  const named = { ...context, env: { CONVKIT_PYTHON: '/opt/other' } }
  expect(await findPython(named)).toEqual({ missing: '/opt/other: not found' })
  expect(ran).toHaveLength(2)
})

import { createRegistry } from '@convkit/core'
import { test } from 'vitest'
import { writeFileSync } from 'node:fs'
import zoo from '../index.js'
import { traceModel } from '../testing/trace-model.js'
test('x', () => {
  const r = createRegistry(zoo)
  const t0 = Date.now()
  const out = [...r.models.keys()].map((n) => { const t = Date.now(); const s = traceModel(n); return [n, Date.now() - t, s.state.size] })
  writeFileSync('/tmp/scratch/zoo-inception/models.json', JSON.stringify(out)); console.log(Date.now() - t0, out.length)
})

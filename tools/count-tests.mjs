// Adds up vitest's JSON reports. Usage: node tools/count-tests.mjs report status [report status …]
// A command that failed without a failed test (a check, the build, the set-up) counts as one failure.

import { existsSync, readFileSync } from 'node:fs'

let passed = 0
let failed = 0
const runs = process.argv.slice(2)
for (let i = 0; i < runs.length; i += 2) {
  const [file, status] = [runs[i], runs[i + 1]]
  const counts = count(file)
  passed += counts.passed
  failed += counts.failed || (status === '0' ? 0 : 1)
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)

function count(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0 }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  // a file that failed to load has no tests to count
  const broken = report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
}

import { run } from './program.js'
import { processHost } from './shared/host.js'

process.exitCode = await run(process.argv.slice(2), processHost())

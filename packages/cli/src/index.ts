export { run } from './program.js'
export { type Host, processHost, type Signal } from './shared/host.js'

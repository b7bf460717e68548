export { run } from './program.js'
export { type Host, processHost, type Signal } from './shared/host.js'
export { type ConvkitConfig, defineConfig } from './shared/plugins.js'

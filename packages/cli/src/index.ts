export type { ListedModel } from './models.js'
export { commandLine, run } from './program.js'
export { type ConvkitConfig, defineConfig } from './shared/config-file.js'
export { type Host, processHost, type Signal } from './shared/host.js'

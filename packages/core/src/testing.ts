/** What convkit's own packages are tested with, for authors of plugins. */
export { checkArchitecture } from './testing/check-architecture.js'
export { referenceEngine, referenceProvider } from './testing/reference-engine.js'

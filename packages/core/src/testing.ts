/** What convkit's own packages are tested with, for authors of plugins. */
export { type ArchitectureCheck, checkArchitecture } from './testing/check-architecture.js'
export { type DescribeArchitectureOptions, describeArchitecture } from './testing/describe-architecture.js'
export { relativeDifference } from './testing/describe-engine/agreement.js'
export {
  type SmallNetwork,
  smallNetwork,
  smallNetworkFeeds,
} from './testing/describe-engine/small-network.js'
export type { TestFramework } from './testing/describe-engine/suite.js'
export { describeEngine } from './testing/describe-engine.js'
export { referenceEngine, referenceProvider } from './testing/reference-engine.js'
export { default as tinynet } from './testing/tinynet.js'

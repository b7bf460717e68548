/** Files of models and checkpoints: what needs Node.js. */
export { type FolderFiles, readFolder, writeFolderAtomically } from './node/atomic-folder.js'
export { newestCheckpoint, readCheckpoint, writeCheckpoint } from './node/checkpoint.js'
export { withDiskSpace } from './node/disk-space.js'
export { loadModel, readWeights, saveModel } from './node/model-folder.js'
export { writeFileAtomically } from './node/write-file.js'

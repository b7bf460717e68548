import { definePlugin } from '@convkit/core'
import { addresses, files, hub } from './providers/providers.js'

export { type HubFile, type HubSettings, hubSettings } from './hub/cache.js'
export { hubFile } from './hub/hub-file.js'
export { fromKeras } from './keras/from-keras.js'
export type { KerasLayer, KerasModel } from './keras/keras-model.js'
export { readKeras } from './keras/read-keras.js'
export { readNpz } from './numpy/read-npz.js'
export { encodeNpz, type NpzArray } from './numpy/write-npz.js'
export { readPretrained } from './providers/read-any.js'
export { readPyTorch } from './pytorch/read-pytorch.js'
export { type PublishedWeights, variantTags, weightsTags } from './tags/tags.js'
export { readTfjs } from './tfjs/read-tfjs.js'

/** Finds weights by a file, an address or a tag. */
const weights = definePlugin({ name: '@convkit/weights', weights: [files, addresses, hub] })
export default weights

import type { ListedModel } from '@convkit/cli'
import { listModels } from './list-models.js'

declare const data: readonly ListedModel[]

export { data }

/** What the table of architectures shows; VitePress calls it once, when the site is built. */
export default { load: listModels }

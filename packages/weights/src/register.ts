/** Makes `createModel(…, { weights: 'a1_in1k' })` find weights when it is imported: `import '@convkit/weights/register'`. */
import { register } from '@convkit/core'
import weights from './index.js'

register(weights)

export { default } from './index.js'

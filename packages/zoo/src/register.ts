/** Registers the zoo when it is imported: `import '@convkit/zoo/register'`. Its types bring the model names along. */
import { register } from '@convkit/core'
import zoo from './index.js'

register(zoo)

export { default } from './index.js'

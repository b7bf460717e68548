import { ConvkitError } from '@convkit/core'

/** Stands for sharp in a page, where only the transform `jpeg` would ask for it. */
export default function sharp(): never {
  throw new ConvkitError('E_OPTION', 'The transform jpeg needs Node.js: leave it out in a page')
}

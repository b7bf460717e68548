import { ConvkitError } from '../error.js'
import type { SourceOp } from '../ops/attributes.js'
import { formatShape } from '../tensor.js'
import type { KernelsFor, NdArray, Values } from './kernel.js'

export const sourceKernels: KernelsFor<SourceOp> = {
  input: (_, [y], { name }, { inputs = {} }) => fill(y, 'inputs', name, inputs[name]),
  state: (_, [y], { name }, { state = {} }) => fill(y, 'state', name, state[name]),
  constant: (_, [y], { value }) => y.data.set(value.data),
}

function fill({ shape, data }: NdArray, kind: keyof Values, name: string, value?: ArrayLike<number>): void {
  if (value?.length !== data.length) {
    const got = value ? `has ${value.length} values` : 'has no value'
    const remedy = `pass ${data.length} numbers as values.${kind}[${JSON.stringify(name)}]`
    throw new ConvkitError('E_FEED', `evaluate: ${name} of shape ${formatShape(shape)} ${got}; ${remedy}`)
  }
  data.set(value)
}

// #region block
import {
  convNormAct,
  joinShortcut,
  type ResidualBlockOptions,
} from '@convkit/blocks'
import { definePlugin, type Scope } from '@convkit/core'
import type { SymbolicTensor } from '@convkit/graph'

/** A residual block with one 5×5 convolution: `[n, h, w, c]` → `[n, h', w', filters]`. */
function wideKernel(
  net: Scope,
  x: SymbolicTensor,
  options: ResidualBlockOptions,
): SymbolicTensor {
  const { filters, strides, norm } = options
  const branch = convNormAct(net, x, {
    filters,
    strides,
    norm,
    kernelSize: 5,
    activation: 'none',
  })
  return joinShortcut(net, x, branch, options)
}

export default definePlugin({
  name: 'convkit-plugin-wide-kernel',
  blocks: { 'wide-kernel': wideKernel },
})
// createModel('resnet18', { config: { block: 'wide-kernel' } })
// #endregion block

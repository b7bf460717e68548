import augment from '@convkit/augment'
import blocks from '@convkit/blocks'
import callbacks from '@convkit/callbacks'
import { createRegistry, type Registry } from '@convkit/core'
import data from '@convkit/data'
import onnx from '@convkit/engine-onnx'
import tensorflow from '@convkit/engine-tensorflow'
import weights from '@convkit/weights'
import zoo from '@convkit/zoo'

/** Everything that convkit's own packages add. */
export function cliRegistry(): Registry {
  return createRegistry(augment, blocks, data, zoo, callbacks, onnx, tensorflow, weights)
}

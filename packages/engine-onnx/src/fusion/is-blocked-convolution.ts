import { nchwc } from '../lowering/nchwc.js'
import type { OnnxNode } from '../onnx/node.js'

export function isBlockedConvolution({ op, domain }: OnnxNode): boolean {
  return `${domain}:${op}` === nchwc('Conv')
}

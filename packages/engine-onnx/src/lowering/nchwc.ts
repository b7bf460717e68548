/** An op of ONNX Runtime on values in the blocked layout. */
export function nchwc(op: string): string {
  return `com.microsoft.nchwc:${op}`
}

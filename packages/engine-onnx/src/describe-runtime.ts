import type { Provider } from './runtime.js'

/** `onnxruntime 1.30.0 on cpu, 2 threads` */
export function describeRuntime(library: string, provider: Provider, threads: number): string {
  if (provider === 'webgpu') return `${library} on webgpu`
  return `${library} on ${provider}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}

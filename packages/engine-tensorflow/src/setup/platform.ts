import { setupError } from './failure.js'

/** What of `process` tells where it runs. */
export interface Platform {
  readonly platform: string
  readonly arch: string
  /** Undefined where the C library is another one, such as Alpine's. */
  readonly glibc?: string
}

export function thisPlatform(): Platform {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  const glibc = header.glibcVersionRuntime
  return { platform: process.platform, arch: process.arch, ...(glibc && { glibc }) }
}

/** @throws E_SETUP where no binding can be made. */
export function requirePlatform({ platform, arch, glibc }: Platform = thisPlatform()): void {
  if (platform === 'linux' && arch === 'x64' && glibc) return
  const here = platform === 'linux' && !glibc ? `${platform} ${arch} without glibc` : `${platform} ${arch}`
  throw setupError(
    `TensorFlow's binding is made on Linux x64 with glibc, and this is ${here}; --engine onnx runs without it`,
  )
}

import { ConvkitError, type EngineOptions } from '@convkit/core'

/**
 * Checks that options ask for what ONNX Runtime has.
 *
 * @throws E_ENGINE_UNAVAILABLE for another device or precision, naming the engine that has it.
 */
export function expectSupported<D extends string>(
  { device, precision = 'float32' }: { device: string } & Pick<EngineOptions, 'precision'>,
  devices: readonly D[],
): D {
  const found = devices.find((candidate) => candidate === device)
  if (found === undefined) {
    throw unavailable(
      `the onnx engine computes on ${devices.join(' or ')}, got device '${device}'; on cuda computes the tensorflow engine`,
    )
  }
  if (precision !== 'float32') {
    throw unavailable(
      `the onnx engine computes in float32, got precision '${precision}'; the tensorflow engine has bfloat16`,
    )
  }
  return found
}

export const unavailable = (message: string, cause?: unknown) =>
  new ConvkitError('E_ENGINE_UNAVAILABLE', message, { cause })

/** What a library said of itself, in one line. */
export function reasonOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).trim().split('\n')
  // ONNX Runtime puts the place in its sources and the check that failed before what it has to say.
  return line.replace(/^.* was false\. /, '')
}

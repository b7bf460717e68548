import { setUpTensorflow } from '@convkit/engine-tensorflow/setup'
import type { SetupFlags } from './commands/setup.js'
import { Interrupted } from './shared/failure.js'
import type { CommandContext } from './shared/options.js'

const cudaRemedy =
  "nvidia-smi shows whether there is a driver; pip install 'tensorflow[and-cuda]' has CUDA's libraries, then run this again"

/** `convkit setup tensorflow`: safe to run again, and quick where there is nothing to do. */
export async function setUp({ gpu, python }: SetupFlags, { host, report }: CommandContext): Promise<void> {
  const controller = new AbortController()
  const ignore = host.onSignal((signal) =>
    controller.abort(new Interrupted(signal, 'the package is as it was; run it again to go on')),
  )
  try {
    const result = await setUpTensorflow({
      ...(gpu && { gpu }),
      ...(python !== undefined && { python }),
      env: { ...host.env },
      say: report.line,
      signal: controller.signal,
    })
    const { package: installed, tensorflow, isOnGpu, difference, made, seconds } = result
    const { name, version, folder } = installed
    report.line('Checked', `3 training steps agree with the reference to ${difference.toExponential(0)}`)
    if (gpu && !isOnGpu) report.warn(`TensorFlow finds no CUDA GPU here: ${cudaRemedy}`)
    const state = made ? `made in ${seconds} s` : 'there'
    const device = isOnGpu ? 'a CUDA GPU' : 'the CPU'
    report.result(
      { package: name, version, folder, tensorflow, isOnGpu, difference, made, seconds },
      `The TensorFlow engine is ${state}: tensorflow ${tensorflow} on ${device}`,
    )
  } finally {
    ignore()
  }
}

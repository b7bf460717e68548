import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { requireSpace } from './cache.js'
import { tellingLine } from './command.js'
import type { SetupContext } from './context.js'
import { setupError } from './failure.js'
import { type Library, libraryFiles, unpackedFolder } from './library.js'
import type { Python } from './python.js'

const minute = 60_000

/** TensorFlow for Python: its wheels hold the C library and its headers. */
const requirement = (gpu: boolean) => `${gpu ? 'tensorflow' : 'tensorflow-cpu'}>=2.16,<3`

/** A version of Python that wheels are made for, where there is none for the Python at hand: it never loads them. */
const commonPython = '3.12'

/** The wheel and what is taken of it, for a short time both. */
const bytesNeeded = (gpu: boolean) => (gpu ? 4e9 : 1.3e9)

/** What the binding is compiled and linked with, of some 1,000 MB. */
const unpack = `
import re, sys, zipfile
wheel, target = sys.argv[1:]
wanted = re.compile(r'tensorflow/(${libraryFiles.join('|')}|include/(tensorflow/(c|core/platform|tsl)|tsl|xla/tsl)/.*)$')
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(target, [name for name in archive.namelist() if wanted.match(name)])
`

/**
 * Downloads a wheel with pip, unpacks the library into `cache`, and forgets the wheel. The folder gets its name when it
 * is complete.
 *
 * @throws E_SETUP when the disk is too full, or pip provides no wheel.
 */
export async function downloadLibrary(
  context: SetupContext,
  python: Python,
  cache: string,
  gpu: boolean,
): Promise<Library> {
  if (!python.hasPip) {
    throw setupError(`${python.path} has no pip: apt-get install python3-pip, or ${python.path} -m ensurepip`)
  }
  await sweep(cache)
  await requireSpace(cache, bytesNeeded(gpu))
  const temporary = await mkdtemp(join(cache, '.download-'))
  try {
    const wheel = await download(context, python, temporary, gpu)
    const version = /^tensorflow(?:_cpu)?-([^-]+)-/.exec(wheel)?.[1]
    if (version === undefined) throw setupError(`pip downloaded ${wheel}, which is no wheel of TensorFlow`)
    const { size } = await stat(join(temporary, wheel))
    context.say('Library', `${wheel}, ${Math.round(size / 1e6)} MB, is unpacked in ${cache}`)
    const unpacked = join(temporary, 'unpacked')
    const result = await context.run(python.path, ['-c', unpack, join(temporary, wheel), unpacked], {
      timeout: 10 * minute,
    })
    if (result.failure !== undefined)
      throw setupError(`${wheel} could not be unpacked: ${tellingLine(result)}`)
    const folder = unpackedFolder(cache, version, gpu)
    await rm(folder, { recursive: true, force: true })
    await rename(join(unpacked, 'tensorflow'), folder)
    return { folder, version }
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** The name of the wheel that pip put into `folder`. */
async function download({ env, run, say }: SetupContext, python: Python, folder: string, gpu: boolean) {
  const scratch = join(folder, 'tmp')
  await mkdir(scratch)
  const pip = (...more: string[]) => {
    const flags = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--no-input', '--retries', '1']
    const args = ['-m', 'pip', 'download', ...flags, '--progress-bar', 'off', '--dest', folder, ...more]
    // pip unpacks in the temporary folder of the system, which may be small
    return run(python.path, [...args, requirement(gpu)], {
      env: { ...env, TMPDIR: scratch, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      timeout: 30 * minute,
    })
  }
  say('Library', `pip download ${requirement(gpu)}, with ${python.path} (Python ${python.version})`)
  let result = await pip()
  if (result.failure !== undefined && !isOffline(result.output))
    result = await pip('--python-version', commonPython)
  if (result.failure !== undefined) throw setupError(`pip provides no wheel of TensorFlow: ${reason(result)}`)
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'))
  if (wheel === undefined) throw setupError('pip downloaded no wheel')
  return wheel
}

const isOffline = (output: string) =>
  /NewConnectionError|ConnectTimeoutError|ProxyError|SSLError/.test(output)

const reason = (result: Parameters<typeof tellingLine>[0]) =>
  isOffline(result.output)
    ? 'its package index cannot be reached; check the network, or name a Python that has TensorFlow: --python'
    : tellingLine(result)

/** Removes what a setup that was killed left behind. */
async function sweep(cache: string): Promise<void> {
  const left = (await readdir(cache)).filter((name) => name.startsWith('.download-'))
  await Promise.all(left.map((name) => rm(join(cache, name), { recursive: true, force: true })))
}

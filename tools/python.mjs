// The Python peers that convkit is compared with: torch, torchvision and timm in a virtual environment of their own.
// `node tools/python.mjs` shows what there is, `node tools/python.mjs script.py …` runs a script with it.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../node_modules/.cache/convkit-python', import.meta.url))
const packages = ['torch', 'torchvision', 'timm', 'safetensors', 'pillow']
/** What only some comparisons need, and not every platform has. */
const optionalPackages = ['keras', 'tensorflow-cpu', 'tensorboard', 'onnx', 'onnxruntime']

/**
 * A Python that has the peers: `{ path }`, or `{ missing: 'why not' }`. CONVKIT_PYTHON names one that is there;
 * otherwise a virtual environment is made once, when pip can provide the packages.
 */
export function python() {
  const given = process.env.CONVKIT_PYTHON
  if (given)
    return usable(given)
      ? { path: given }
      : { missing: `CONVKIT_PYTHON is ${given}, which cannot import torch and timm` }

  const path = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  const stamp = join(folder, 'complete')
  if (existsSync(stamp)) return { path }

  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const install = (names) =>
    failure(path, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--retries',
      '0',
      ...names,
    ])
  const problem = failure('python3', ['-m', 'venv', folder]) ?? install(packages)
  if (problem) return { missing: problem }
  install(optionalPackages)
  writeFileSync(stamp, `${packages.join(' ')}\n`)
  return { path }
}

/** Whether the Python has these packages too: one that CONVKIT_PYTHON names need not have all. */
export function hasPackages(...names) {
  const { path } = python()
  const check = `import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ${JSON.stringify(names)})))`
  return path !== undefined && spawnSync(path, ['-c', check]).status === 0
}

/** Scripts of the peers find `peers.py`, beside this file. */
export const pythonEnvironment = { ...process.env, PYTHONPATH: fileURLToPath(new URL('.', import.meta.url)) }

/**
 * Runs a script with the peers; resolves to the bytes that it wrote to standard output.
 *
 * @throws when there is no such Python, or with the script's errors when it fails.
 */
export function runPython(script, args, { input } = {}) {
  const { path, missing } = python()
  if (missing) throw new Error(`There is no Python with torch and timm: ${missing}`)
  const options = { input, env: pythonEnvironment, maxBuffer: 2 ** 30 }
  const { status, stdout, stderr } = spawnSync(path, [script, ...args], options)
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`)
  return stdout
}

function usable(path) {
  return (
    spawnSync(path, ['-c', 'import importlib.util as u; assert u.find_spec("torch") and u.find_spec("timm")'])
      .status === 0
  )
}

/** Undefined when the command succeeds, else its last line. */
function failure(command, args) {
  const { status, error, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  if (status === 0) return undefined
  const lines = `${stdout ?? ''}\n${stderr ?? ''}`.trim().split('\n')
  return `${command} ${args.slice(0, 3).join(' ')} failed: ${error?.message ?? lines.at(-1)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [script, ...args] = process.argv.slice(2)
  if (script) process.stdout.write(runPython(script, args))
  else console.log(python())
}

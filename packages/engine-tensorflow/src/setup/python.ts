import type { SetupContext } from './context.js'

/** A Python, and the TensorFlow that is installed in it. */
export interface Python {
  readonly path: string
  readonly version: string
  readonly hasPip: boolean
  readonly tensorflow?: {
    readonly folder: string
    /** Versions by distribution: `tensorflow` is built for CUDA on Linux, `tensorflow-cpu` is not. */
    readonly versions: Readonly<Record<string, string>>
  }
}

/** Finds TensorFlow without importing it, which would take seconds. */
const question = `
import importlib.metadata as metadata, importlib.util as util, json, platform, sys
def version(name):
    try: return metadata.version(name)
    except metadata.PackageNotFoundError: return None
spec = util.find_spec('tensorflow')
folders = list(spec.submodule_search_locations or []) if spec else []
versions = {name: version(name) for name in ('tensorflow', 'tensorflow-cpu') if version(name)}
print(json.dumps({'path': sys.executable, 'version': platform.python_version(), 'hasPip': bool(util.find_spec('pip')),
    **({'tensorflow': {'folder': folders[0], 'versions': versions}} if folders and versions else {})}))
`

/**
 * The Python called `named`, the one in CONVKIT_PYTHON, `python3` or `python`; or why there is none, by what was tried.
 */
export async function findPython(
  { env, run }: SetupContext,
  named = env.CONVKIT_PYTHON,
): Promise<{ readonly python?: Python; readonly missing: string }> {
  const tried: string[] = []
  for (const path of named ? [named] : ['python3', 'python']) {
    // from the root folder: Python looks for modules in the working directory first
    const { stdout, failure } = await run(path, ['-c', question], { cwd: '/', timeout: 30_000 })
    if (failure === undefined) {
      return { python: JSON.parse(stdout) as Python, missing: '' }
    }
    tried.push(`${path}: ${failure}`)
  }
  return { missing: tried.join(', ') }
}

import { availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os'
import type { Environment } from '@convkit/callbacks'
import { ConvkitError, type EngineProvider } from '@convkit/core'
import { examineTensorflow } from '@convkit/engine-tensorflow/setup'
import type { CommandContext } from './shared/options.js'

/** One thing that convkit needs, or can use. */
export interface Finding {
  readonly name: string
  readonly ok: boolean
  /** What is there, or why it is not. */
  readonly found: string
  /** The command that mends it. */
  readonly remedy?: string
}

const tensorflow = 'tensorflow'

/** `convkit doctor`: fails when nothing could be trained here. */
export async function examine({ host, report }: CommandContext): Promise<void> {
  const { engines } = await host.registry()
  const others = [...engines.values()].filter((engine) => engine.name !== tensorflow)
  const found = await Promise.all([
    examineTensorflowEngine(host.env),
    ...others.sort((a, b) => b.priority.training - a.priority.training).map(examineEngine),
  ])
  const findings = [examineNode(), examineMachine(), examineMemory(), await examineSharp(), ...found]
  const { green, red } = report.terminal.colors
  const text = findings.map(({ name, ok, found, remedy }) => {
    const mark = ok ? green('ok     ') : red('missing')
    return `${mark}  ${name.padEnd(12)}  ${found}${remedy ? `; mend it with: ${remedy}` : ''}`
  })
  report.result({ findings }, text.join('\n'))
  if (!found.some(({ ok }) => ok))
    throw new ConvkitError('E_ENGINE_UNAVAILABLE', 'No engine can run here; the lines above say why')
  if (!findings.every((finding) => finding.ok || found.includes(finding))) {
    throw new ConvkitError('E_DOCTOR', 'Something that convkit needs is missing; the lines above say what')
  }
}

function examineNode(): Finding {
  const { node } = process.versions
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const ok = major > 20 || (major === 20 && minor >= 19)
  return {
    name: 'Node',
    ok,
    found: node,
    ...(!ok && { remedy: 'install Node 20.19 or newer from https://nodejs.org' }),
  }
}

function examineMachine(): Finding {
  const model = cpus()[0]?.model.trim() || process.arch
  return {
    name: 'CPU',
    ok: true,
    found: `${model}, ${availableParallelism()} cores, ${platform()} ${release()}`,
  }
}

function examineMemory(): Finding {
  const gigabytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1)
  return { name: 'Memory', ok: true, found: `${gigabytes(totalmem())} GB, ${gigabytes(freemem())} GB free` }
}

async function examineSharp(): Promise<Finding> {
  try {
    const { default: sharp } = await import('sharp')
    return { name: 'sharp', ok: true, found: `${sharp.versions.sharp} (libvips ${sharp.versions.vips})` }
  } catch (error) {
    return { name: 'sharp', ok: false, found: reason(error), remedy: 'npm install --include=optional sharp' }
  }
}

/** In a process of its own: TensorFlow takes long to load, prints, and can end its process. */
async function examineTensorflowEngine(env: Environment): Promise<Finding> {
  return { name: tensorflow, ...(await examineTensorflow({ env: { ...env } })) }
}

async function examineEngine({ name, install, create }: EngineProvider): Promise<Finding> {
  try {
    return { name, ok: true, found: (await create()).description }
  } catch (error) {
    return { name, ok: false, found: reason(error), remedy: install }
  }
}

const reason = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] as string

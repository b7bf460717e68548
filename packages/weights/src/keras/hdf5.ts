import { Worker } from 'node:worker_threads'
import { ConvkitError, readFloats } from '@convkit/core'
import { hdf5Script } from './hdf5-script.js'

/** Floats in an HDF5 file. */
export interface Hdf5Dataset {
  /** Names of its groups, then its own. */
  readonly path: readonly string[]
  /** The attribute `name` of the group that it is in, where there is one. */
  readonly owner?: string
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export interface Hdf5File {
  readonly datasets: readonly Hdf5Dataset[]
  /** The attribute `model_config` of the file: JSON. */
  readonly config?: string
}

/** What deflate can expand a byte to, at most. */
const largestExpansion = 1032
const bounds = { deepest: 64, mostObjects: 100_000, largestExpansion }
/** Far longer than any sound file takes: a damaged one can keep the HDF5 library going for ever. */
const timeFor = (bytes: number) => 30_000 + bytes / 1e4

/**
 * Reads the datasets of floats in an HDF5 file. The HDF5 library runs in a thread of its own, for a damaged file may
 * crash it or never come to an end.
 *
 * @throws E_WEIGHTS when the file is not HDF5, or is damaged.
 */
export async function readHdf5(
  bytes: Uint8Array,
  source: string,
  milliseconds = timeFor(bytes.length),
): Promise<Hdf5File> {
  const fail = (problem: string): never => {
    throw new ConvkitError(
      'E_WEIGHTS',
      `${source} cannot be read as HDF5: ${problem}; it is damaged or no Keras file`,
    )
  }
  if (!signature.every((byte, i) => bytes[i] === byte)) return fail('it does not begin as such a file does')
  const answer = await ask(bytes, milliseconds)
  if (answer.problem !== undefined) return fail(answer.problem)
  const datasets = answer.datasets.map(({ data, ...dataset }) => ({ ...dataset, data: widened(data) }))
  return { ...answer, datasets }
}

/** Floats of 16 bits come as their bits. */
type StoredDataset = Omit<Hdf5Dataset, 'data'> & { readonly data: Float32Array | Uint16Array<ArrayBuffer> }

type Answer =
  | {
      readonly datasets: readonly StoredDataset[]
      readonly config?: string
      readonly problem?: undefined
    }
  | { readonly problem: string }

function widened(data: StoredDataset['data']): Float32Array {
  return data instanceof Uint16Array ? readFloats('F16', new Uint8Array(data.buffer)) : data
}

/** A thread that has read something and waits for more: the library takes a while to start. */
let idle: Worker | undefined

async function ask(bytes: Uint8Array, milliseconds: number): Promise<Answer> {
  const thread = idle ?? startThread()
  idle = undefined
  thread.ref()
  const answer = await new Promise<Answer>((resolve) => {
    const problem = (text: string) => () => finish({ problem: text })
    const crashed = ({ message }: Error) => finish({ problem: message })
    const ended = problem('the HDF5 library ended')
    const timer = setTimeout(problem('the HDF5 library did not come to an end'), milliseconds)
    const finish = (result: Answer) => {
      clearTimeout(timer)
      thread.off('message', finish).off('error', crashed).off('exit', ended)
      resolve(result)
    }
    thread.on('message', finish).on('error', crashed).on('exit', ended)
    thread.postMessage(bytes)
  })
  // What a damaged file has left of the library is not used again.
  if (answer.problem !== undefined || idle) await thread.terminate()
  else {
    thread.unref()
    idle = thread
  }
  return answer
}

function startThread(): Worker {
  return new Worker(hdf5Script, {
    eval: true,
    workerData: { library: import.meta.resolve('h5wasm'), ...bounds },
    // The library writes each of its errors to these.
    stdout: true,
    stderr: true,
  })
}

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

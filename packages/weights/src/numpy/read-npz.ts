import { ConvkitError, type TensorMap } from '@convkit/core'
import { openZip } from '../files/zip.js'
import { readNpy } from './npy.js'

/** Reads the arrays of floats in a file that `numpy.savez` wrote, by their names. @throws E_WEIGHTS. */
export async function readNpz(path: string): Promise<TensorMap> {
  const zip = await openZip(path)
  try {
    const tensors: TensorMap = new Map()
    for (const entry of zip.names.filter((name) => name.endsWith('.npy'))) {
      const tensor = readNpy(await zip.read(entry), `${path}: ${entry}`)
      if (tensor) tensors.set(entry.slice(0, -'.npy'.length), tensor)
    }
    if (tensors.size > 0) return tensors
    throw new ConvkitError('E_WEIGHTS', `${path} holds no arrays of floats: numpy.savez did not write it`)
  } finally {
    zip.close()
  }
}

import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Python } from './python.js'

/** A folder with `include/` and the two shared libraries of TensorFlow, as a Python TensorFlow's folder is one. */
export interface Library {
  readonly folder: string
  readonly version: string
}

export const libraryFiles = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const

const isComplete = (folder: string) =>
  ['include/tensorflow/c/c_api.h', ...libraryFiles].every((name) => existsSync(join(folder, name)))

/** The library of the TensorFlow that is installed in a Python; with `gpu` only of one that is built for CUDA. */
export function installedLibrary({ tensorflow }: Python, gpu: boolean): Library | undefined {
  if (!tensorflow || !isComplete(tensorflow.folder)) return undefined
  const { folder, versions } = tensorflow
  const version = gpu ? versions.tensorflow : (versions['tensorflow-cpu'] ?? versions.tensorflow)
  return version === undefined ? undefined : { folder, version }
}

/** The newest library that an earlier setup unpacked: in `2.21.0`, or `2.21.0-gpu`. */
export async function unpackedLibrary(cache: string, gpu: boolean): Promise<Library | undefined> {
  const pattern = gpu ? /^([\d.]+)-gpu$/ : /^([\d.]+)$/
  const versions = (await readdir(cache)).flatMap((name) => pattern.exec(name)?.[1] ?? [])
  const newestFirst = versions.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
  return newestFirst
    .map((version) => ({ folder: unpackedFolder(cache, version, gpu), version }))
    .find(({ folder }) => isComplete(folder))
}

export const unpackedFolder = (cache: string, version: string, gpu: boolean) =>
  join(cache, gpu ? `${version}-gpu` : version)

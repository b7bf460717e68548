import { File, type Group, ready } from 'h5wasm'

/** Contents of an HDF5 group: numbers with their shape are datasets, `@name` is an attribute. */
export interface Hdf5Contents {
  readonly [name: string]:
    | Hdf5Contents
    | string
    | { readonly shape: readonly number[]; readonly data: readonly number[] }
}

let files = 0

/** An HDF5 file in memory. */
export async function hdf5Bytes(contents: Hdf5Contents): Promise<Uint8Array> {
  const { FS } = await ready
  const name = `/${files++}.h5`
  const file = new File(name, 'w')
  write(file, contents)
  file.close()
  const bytes = new Uint8Array(FS.readFile(name))
  FS.unlink(name)
  return bytes
}

function write(group: Group, contents: Hdf5Contents): void {
  for (const [name, value] of Object.entries(contents)) {
    if (typeof value === 'string') group.create_attribute(name.slice(1), value)
    else if (isArray(value)) {
      group.create_dataset({
        name,
        data: Float32Array.from(value.data),
        shape: [...value.shape],
        dtype: '<f4',
      })
    } else write(group.create_group(name), value)
  }
}

function isArray(
  value: object,
): value is { readonly shape: readonly number[]; readonly data: readonly number[] } {
  return 'data' in value
}

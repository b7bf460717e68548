import { type FloatTensor, floatTensor } from '@convkit/core'
import type { Program } from '@convkit/graph'
import type { Runtime, Tensor } from './runtime.js'
import type { State } from './state.js'
import type { Transfer } from './transfer.js'

/**
 * State in tensors of the library's: what a run has made of a tensor takes its place, and the one before is let go.
 * Values cross to or from the host where they are read or written, and nowhere else.
 *
 * @param transfer moves tensors between the host and the device; without it the library's memory is the host's.
 */
export function deviceState({ Tensor }: Runtime, program: Program, transfer?: Transfer): State {
  const hostTensor = ({ shape, data }: FloatTensor): Tensor => new Tensor('float32', data, shape)
  const tensors = new Map(
    Object.entries(program.state).map(([name, { initial }]) => [name, hostTensor(initial())]),
  )
  const replace = (name: string, tensor: Tensor) => {
    tensors.get(name)?.dispose()
    tensors.set(name, tensor)
  }
  const pick = (names: Iterable<string>) =>
    new Map([...names].map((name) => [name, tensors.get(name) as Tensor]))
  return {
    async current(names) {
      const asked = pick(names)
      const onHost = new Map([...asked].filter(([, tensor]) => tensor.location === 'cpu'))
      if (!transfer || onHost.size === 0) return asked
      for (const [name, tensor] of await transfer.upload(onHost)) replace(name, tensor)
      return pick(asked.keys())
    },
    next: () => null,
    advance(written) {
      for (const [name, tensor] of written) replace(name, tensor)
    },
    async read(names) {
      const asked = pick(names)
      const onDevice = new Map([...asked].filter(([, tensor]) => tensor.location !== 'cpu'))
      const downloaded = await transfer?.download(onDevice)
      return new Map(
        [...asked].map(([name, tensor]) => {
          const data = downloaded?.get(name) ?? (tensor.data as Float32Array).slice()
          return [name, floatTensor(tensor.dims, data)]
        }),
      )
    },
    write(written) {
      for (const [name, { shape, data }] of written)
        replace(name, hostTensor(floatTensor(shape, data.slice())))
    },
    dispose() {
      for (const tensor of tensors.values()) tensor.dispose()
      tensors.clear()
    },
  }
}

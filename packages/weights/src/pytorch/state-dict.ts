import { ConvkitError } from '@convkit/core'
import { isGlobal, isObject, type PickleReader, type PickleValue } from './pickle.js'
import { type Storage, type StridedView, storageOfType } from './tensor.js'

/** Where a checkpoint keeps its state dict, if it is not the whole file. */
const wrappers = [
  'state_dict',
  'model',
  'model_state_dict',
  'model_state',
  'net',
  'state_dict_ema',
  'model_ema',
]

/** Classes whose instances are dicts. */
const dictClasses: ReadonlySet<string> = new Set(['collections.OrderedDict', 'collections.defaultdict'])

export interface StateDictReader extends PickleReader {
  /** All storages that were referred to, by key. */
  readonly storages: ReadonlyMap<string, Storage>
}

/** Reads tensors and plain values; whatever else a pickle asks for is an error that names it. */
export function stateDictReader(source: string): StateDictReader {
  const storages = new Map<string, Storage>()
  const fail = (problem: string): never => {
    throw new ConvkitError(
      'E_PICKLE',
      `${source} ${problem}: only tensors and plain values are read, for other objects could run code; save model.state_dict() instead`,
    )
  }
  return {
    construct(callable, args) {
      if (dictClasses.has(callable)) return new Map()
      if (callable === 'torch.Size') return args[0] ?? []
      if (callable === 'torch._utils._rebuild_parameter') return args[0] ?? null
      if (callable === 'torch._utils._rebuild_tensor_v2' || callable === 'torch._utils._rebuild_tensor') {
        return { object: viewOf(args) ?? fail('holds a tensor without a storage') }
      }
      return fail(`holds an object of ${callable}`)
    },
    persistent(id) {
      const storage = storageOf(id) ?? fail('refers to something that is no storage')
      storages.set(storage.key, storage)
      return { object: storage }
    },
    storages,
  }
}

function viewOf([storage, offset, shape, strides]: readonly PickleValue[]): StridedView | undefined {
  if (!storage || !isObject(storage) || !Array.isArray(shape) || !Array.isArray(strides)) return undefined
  return {
    storage: storage.object as Storage,
    offset: Number(offset),
    shape: shape.map(Number),
    strides: strides.map(Number),
  }
}

/** `('storage', torch.FloatStorage, '0', 'cpu', 1024)` */
function storageOf(id: PickleValue): Storage | undefined {
  if (!Array.isArray(id) || id[0] !== 'storage') return undefined
  const [, type, key, , elements] = id as PickleValue[]
  const name = type && isGlobal(type) ? (type.global.split('.').at(-1) ?? '') : ''
  return typeof elements === 'number' ? storageOfType(name, String(key), elements) : undefined
}

/**
 * The tensors of floats in a state dict, or in a checkpoint that holds one, in its order. The prefix `module.` of
 * parallel training is left out.
 *
 * @throws E_WEIGHTS when there are none.
 */
export function stateDictViews(value: PickleValue, source: string): Map<string, StridedView> {
  const dict = value instanceof Map ? unwrap(value) : new Map<PickleValue, PickleValue>()
  const views = new Map<string, StridedView>()
  for (const [key, entry] of dict) {
    if (!entry || !isObject(entry) || !isView(entry.object) || !entry.object.storage.format) continue
    views.set(String(key).replace(/^module\./, ''), entry.object)
  }
  if (views.size > 0) return views
  const keys = value instanceof Map ? [...value.keys()].map(String).slice(0, 5).join(', ') : typeof value
  throw new ConvkitError('E_WEIGHTS', `${source} holds no state dict, but ${keys || 'nothing'}`)
}

function unwrap(dict: Map<PickleValue, PickleValue>): Map<PickleValue, PickleValue> {
  for (const key of wrappers) {
    const inner = dict.get(key)
    if (inner instanceof Map) return inner
  }
  return dict
}

function isView(object: unknown): object is StridedView {
  return typeof object === 'object' && object !== null && 'strides' in object
}

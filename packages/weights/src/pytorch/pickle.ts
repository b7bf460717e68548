import { ConvkitError } from '@convkit/core'

/** A class or function that a pickle names: `torch._utils._rebuild_tensor_v2`. It is never imported or called. */
export interface GlobalName {
  readonly global: string
}

/** What pickles of tensors are made of. Tuples and lists are arrays, dicts are maps. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | GlobalName
  | PickleObject
  | readonly PickleValue[]
  | Map<PickleValue, PickleValue>

/** Something that the reader's owner made: a storage, a tensor. */
export interface PickleObject {
  readonly object: unknown
}

export interface PickleReader {
  /** Makes what `callable(*args)` stands for. @throws for whatever it does not know: nothing is ever run. */
  construct(callable: string, args: readonly PickleValue[]): PickleValue
  /** What a persistent id, such as that of a storage, stands for. */
  persistent(id: PickleValue): PickleValue
}

/** Bytes of a whole number at most: reading one takes the square of them. */
const longestInt = 255

/** Marks where the items of a tuple, list or dict begin. */
const mark = Symbol('mark')

/**
 * Reads one pickle (protocols 2 to 5) that starts at `offset`: data only. It knows no code; an opcode that it does not
 * know ends it.
 *
 * @returns the value and the offset behind it.
 * @throws E_PICKLE where the bytes end early, or hold an opcode or an object that tensors do not need.
 */
export function unpickle(
  bytes: Uint8Array,
  offset: number,
  reader: PickleReader,
  source: string,
): { readonly value: PickleValue; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const stack: (PickleValue | typeof mark)[] = []
  const memo = new Map<number, PickleValue>()
  let at = offset

  const fail = (problem: string): never => {
    throw new ConvkitError('E_PICKLE', `${source}: ${problem} at byte ${at}`)
  }
  /** The offset of the next `length` bytes, which are then behind. */
  const take = (length: number): number => {
    if (!(length >= 0 && length <= bytes.length - at)) fail('the pickle ends early')
    at += length
    return at - length
  }
  const u8 = () => view.getUint8(take(1))
  const u16 = () => view.getUint16(take(2), true)
  const i32 = () => view.getInt32(take(4), true)
  const u32 = () => view.getUint32(take(4), true)
  const u64 = () => Number(view.getBigUint64(take(8), true))
  const slice = (length: number) => {
    const from = take(length)
    return bytes.subarray(from, from + length)
  }
  const text = (length: number) => new TextDecoder().decode(slice(length))
  const line = () => {
    const end = bytes.indexOf(10, at)
    if (end < 0) fail('the pickle ends early')
    const value = text(end - at)
    at++
    return value
  }
  const pop = (): PickleValue => {
    const value = stack.pop()
    return value === undefined || value === mark ? fail('the stack is empty') : value
  }
  const peek = (): PickleValue => {
    const value = stack.at(-1)
    return value === undefined || value === mark ? fail('the stack is empty') : value
  }
  const popTuple = (length: number): PickleValue[] => Array.from({ length }, pop).reverse()
  const popToMark = (): PickleValue[] => {
    const from = stack.lastIndexOf(mark)
    if (from < 0) fail('there is no mark')
    return stack.splice(from).slice(1) as PickleValue[]
  }
  const list = (value: PickleValue): PickleValue[] =>
    Array.isArray(value) ? value : fail('there is no list to append to')
  const dict = (value: PickleValue): Map<PickleValue, PickleValue> =>
    value instanceof Map ? value : fail('there is no dict to set items of')
  const setItems = (target: PickleValue, items: readonly PickleValue[]) => {
    const map = dict(target)
    for (let i = 0; i + 1 < items.length; i += 2)
      map.set(items[i] as PickleValue, items[i + 1] as PickleValue)
  }
  const recall = (index: number): PickleValue =>
    memo.has(index) ? (memo.get(index) as PickleValue) : fail(`nothing is memoized as ${index}`)
  const construct = (callable: PickleValue, args: PickleValue): PickleValue => {
    if (!isGlobal(callable) || !Array.isArray(args)) return fail('an object has no class')
    return reader.construct(callable.global, args)
  }
  const int = (length: number): number | bigint => {
    if (length > longestInt) fail(`a whole number has ${length} bytes`)
    const value = slice(length).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
    const signed = BigInt.asIntN(8 * length, value)
    const number = Number(signed)
    return Number.isSafeInteger(number) ? number : signed
  }

  const opcodes: Readonly<Record<number, () => void>> = {
    128: () => void u8(), // PROTO
    149: () => void u64(), // FRAME
    40: () => void stack.push(mark), // MARK
    48: () => void stack.pop(), // POP
    49: () => void popToMark(), // POP_MARK
    50: () => void stack.push(peek()), // DUP
    78: () => void stack.push(null), // NONE
    136: () => void stack.push(true), // NEWTRUE
    137: () => void stack.push(false), // NEWFALSE
    74: () => void stack.push(i32()), // BININT
    75: () => void stack.push(u8()), // BININT1
    77: () => void stack.push(u16()), // BININT2
    138: () => void stack.push(int(u8())), // LONG1
    139: () => void stack.push(int(i32())), // LONG4
    71: () => void stack.push(view.getFloat64(take(8), false)), // BINFLOAT
    88: () => void stack.push(text(u32())), // BINUNICODE
    140: () => void stack.push(text(u8())), // SHORT_BINUNICODE
    141: () => void stack.push(text(u64())), // BINUNICODE8
    84: () => void stack.push(text(u32())), // BINSTRING
    85: () => void stack.push(text(u8())), // SHORT_BINSTRING
    66: () => void stack.push(slice(u32())), // BINBYTES
    67: () => void stack.push(slice(u8())), // SHORT_BINBYTES
    93: () => void stack.push([]), // EMPTY_LIST
    125: () => void stack.push(new Map()), // EMPTY_DICT
    143: () => void stack.push([]), // EMPTY_SET
    41: () => void stack.push([]), // EMPTY_TUPLE
    133: () => void stack.push(popTuple(1)), // TUPLE1
    134: () => void stack.push(popTuple(2)), // TUPLE2
    135: () => void stack.push(popTuple(3)), // TUPLE3
    116: () => void stack.push(popToMark()), // TUPLE
    108: () => void stack.push(popToMark()), // LIST
    100: () => {
      const items = popToMark() // DICT
      stack.push(new Map())
      setItems(peek(), items)
    },
    97: () => {
      const item = pop() // APPEND
      list(peek()).push(item)
    },
    101: () => {
      const items = popToMark() // APPENDS
      for (const item of items) list(peek()).push(item)
    },
    144: () => {
      const items = popToMark() // ADDITEMS
      for (const item of items) list(peek()).push(item)
    },
    115: () => {
      const [value, key] = [pop(), pop()] // SETITEM
      dict(peek()).set(key, value)
    },
    117: () => {
      const items = popToMark() // SETITEMS
      setItems(peek(), items)
    },
    113: () => void memo.set(u8(), peek()), // BINPUT
    114: () => void memo.set(u32(), peek()), // LONG_BINPUT
    148: () => void memo.set(memo.size, peek()), // MEMOIZE
    104: () => void stack.push(recall(u8())), // BINGET
    106: () => void stack.push(recall(u32())), // LONG_BINGET
    99: () => void stack.push({ global: `${line()}.${line()}` }), // GLOBAL
    147: () => {
      const [name, module] = [pop(), pop()] // STACK_GLOBAL
      stack.push({ global: `${String(module)}.${String(name)}` })
    },
    81: () => void stack.push(reader.persistent(pop())), // BINPERSID
    82: () => {
      const [args, callable] = [pop(), pop()] // REDUCE
      stack.push(construct(callable, args))
    },
    129: () => {
      const [args, callable] = [pop(), pop()] // NEWOBJ
      stack.push(construct(callable, args))
    },
    98: () => {
      pop() // BUILD: attributes of an object; those of a dict, such as a state dict's _metadata, are no tensors
      dict(peek())
    },
  }

  for (;;) {
    const opcode = u8()
    if (opcode === 0x2e) return { value: pop(), end: at } // STOP
    const run = opcodes[opcode]
    if (!run) return fail(`opcode 0x${opcode.toString(16)} is not one that tensors need`)
    run()
  }
}

export function isGlobal(value: PickleValue): value is GlobalName {
  return typeof value === 'object' && value !== null && 'global' in value
}

export function isObject(value: PickleValue): value is PickleObject {
  return typeof value === 'object' && value !== null && 'object' in value
}

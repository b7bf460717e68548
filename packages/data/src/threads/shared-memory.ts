/** Memory that nobody uses at the moment, by its size in bytes. */
const unused = new Map<number, Uint8Array[]>()

/** Lends memory that threads share while a task runs: there is as much of it as there were tasks at once. */
export async function withSharedMemory<T>(
  bytes: number,
  task: (memory: Uint8Array) => Promise<T>,
): Promise<T> {
  const free = unused.get(bytes) ?? []
  unused.set(bytes, free)
  const memory = free.pop() ?? new Uint8Array(new SharedArrayBuffer(bytes))
  try {
    return await task(memory)
  } finally {
    free.push(memory)
  }
}

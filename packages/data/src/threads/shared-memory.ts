/** Runs a task that writes to memory which threads share: the target's own where it is that, else some that is copied then. */
export async function withSharedMemory(
  target: Uint8Array,
  task: (memory: Uint8Array) => Promise<void>,
): Promise<void> {
  const isShared = target.buffer instanceof SharedArrayBuffer
  const memory = isShared ? target : new Uint8Array(new SharedArrayBuffer(target.length))
  await task(memory)
  if (!isShared) target.set(memory)
}

/**
 * Sends what comes up in one turn of the event loop together, at most `most` things in a message: a message costs as much
 * as reading a small file does.
 */
export function outbox<Thing>(
  post: (things: readonly Thing[]) => void,
  most: number,
): (thing: Thing) => void {
  let waiting: Thing[] = []
  const flush = () => {
    if (waiting.length === 0) return
    const things = waiting
    waiting = []
    post(things)
  }
  return (thing) => {
    waiting.push(thing)
    if (waiting.length === 1) setImmediate(flush)
    if (waiting.length === most) flush()
  }
}

import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { EventSchema, SessionLog_SessionStatus as Status } from '../generated/event_pb.js'
import { appendFile } from '../shared/append-file.js'
import { record } from './record.js'

/** A file that TensorBoard reads; scalars are added to its end. */
export interface EventFile {
  scalars(step: number, values: Readonly<Record<string, number>>): Promise<void>
}

/**
 * Begins an event file in a folder. What older files of the folder have from `firstStep` on does not count any more:
 * so a resumed training has no step twice.
 */
export async function openEventFile(
  folder: string,
  firstStep: number,
  now: () => number,
): Promise<EventFile> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, fileName(now()))
  const add = async (event: MessageInitShape<typeof EventSchema>) => {
    const bytes = record(toBinary(EventSchema, create(EventSchema, { wallTime: now() / 1000, ...event })))
    await appendFile(file, bytes)
  }
  await add({ what: { case: 'fileVersion', value: 'brain.Event:2' } })
  await add({ step: BigInt(firstStep), what: { case: 'sessionLog', value: { status: Status.START } } })
  return {
    scalars: (step, values) =>
      add({
        step: BigInt(step),
        what: {
          case: 'summary',
          value: {
            value: Object.entries(values).map(([tag, value]) => ({
              tag,
              value: { case: 'simpleValue' as const, value },
            })),
          },
        },
      }),
  }
}

/** TensorBoard reads a folder's files in the order of their names. */
function fileName(milliseconds: number): string {
  const seconds = String(Math.floor(milliseconds / 1000)).padStart(10, '0')
  const rest = String(milliseconds % 1000).padStart(3, '0')
  return `events.out.tfevents.${seconds}.${rest}.${hostname()}.${process.pid}.v2`
}

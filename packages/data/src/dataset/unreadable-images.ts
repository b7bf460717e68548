import type { ConvkitError, UnreadableImage } from '@convkit/core'
import { reasonOf } from '../images/unreadable.js'

/** The images of a dataset that have been left out, each named once however often it is met. */
export function unreadableImages() {
  const byIndex = new Map<number, UnreadableImage>()
  return {
    has: (index: number) => byIndex.has(index),
    add(index: number, path: string, error: ConvkitError) {
      byIndex.set(index, { path, reason: reasonOf(path, error) })
    },
    list: (): UnreadableImage[] => [...byIndex.values()],
  }
}

export type UnreadableImages = ReturnType<typeof unreadableImages>

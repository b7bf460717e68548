import type { Batch, BatchMix } from '@convkit/core'
import type { Draws } from '../shared/draws.js'
import { batchMix, type MixOptions, type MixPair } from './batch-mix.js'

/**
 * A box of each image replaced by that of another one; labels count by area (Yun et al. 2019), as timm's `Mixup` in its
 * batch mode: one box a batch, its images mixed with themselves in reverse order. The box may reach beyond the border;
 * the share is that of what is left.
 *
 * @throws E_OPTION.
 */
export function cutMix(options?: MixOptions): BatchMix {
  return batchMix('cutmix', options, (batch, drawn, draws) => {
    const box = drawBox(batch, drawn, draws)
    const area = (box.bottom - box.top) * (box.right - box.left)
    return { share: 1 - area / (batch.height * batch.width), mixPair: swapBoxes(batch, box) }
  })
}

interface BoxEdges {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

function drawBox({ height, width }: Batch, share: number, draws: Draws): BoxEdges {
  const side = Math.sqrt(1 - share)
  const [y, x] = [draws.whole(height), draws.whole(width)]
  const [halfHeight, halfWidth] = [height, width].map((size) => Math.floor(Math.floor(size * side) / 2)) as [
    number,
    number,
  ]
  return {
    top: Math.max(0, y - halfHeight),
    bottom: Math.min(height, y + halfHeight),
    left: Math.max(0, x - halfWidth),
    right: Math.min(width, x + halfWidth),
  }
}

function swapBoxes({ width, channels }: Batch, { top, bottom, left, right }: BoxEdges): MixPair {
  return (first, second) => {
    for (let y = top; y < bottom; y++) {
      const [from, to] = [(y * width + left) * channels, (y * width + right) * channels]
      const row = new Uint8Array(first.subarray(from, to))
      first.set(second.subarray(from, to), from)
      second.set(row, from)
    }
  }
}

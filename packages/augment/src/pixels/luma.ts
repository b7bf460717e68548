import { type Pixels, toChannels } from '@convkit/core'

/** The grey image in as many channels: ITU-R 601 luma, as PIL and torchvision have it. */
export function toGray(image: Pixels): Pixels {
  return image.channels === 1 ? image : toChannels(toChannels(image, 1), 3)
}

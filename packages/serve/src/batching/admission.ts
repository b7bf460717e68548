import { ConvkitError } from '@convkit/core'

export interface AdmissionLimits {
  /** Images that are in work at most: received, decoded, waiting or computed. */
  readonly images: number
  /** Bytes of requests' bodies that are held at most. */
  readonly bytes: number
}

export interface Admission {
  /** Images in work. */
  readonly images: number
  /** Lets a request of so many bytes in, as one image until more are known. @throws E_BUSY when there is no room. */
  admit(bytes: number): Ticket
}

/** What a request holds until it is answered. */
export interface Ticket {
  /** Makes room for so many images in all. @throws E_BUSY when there is none. */
  hold(images: number): void
  /** Gives everything back; once is enough. */
  release(): void
}

/** Bounds what a server works on at once: what is beyond is refused before its body is read. */
export function createAdmission(limits: AdmissionLimits): Admission {
  let images = 0
  let bytes = 0
  const take = (moreImages: number, moreBytes: number) => {
    if (images + moreImages > limits.images || bytes + moreBytes > limits.bytes) {
      throw new ConvkitError('E_BUSY', `The server is busy with ${images} images; try again later`)
    }
    images += moreImages
    bytes += moreBytes
  }
  return {
    get images() {
      return images
    },
    admit(requestBytes) {
      take(1, requestBytes)
      let held = 1
      let isOpen = true
      return {
        hold(count) {
          const more = isOpen ? Math.max(0, count - held) : 0
          take(more, 0)
          held += more
        },
        release() {
          if (!isOpen) return
          isOpen = false
          images -= held
          bytes -= requestBytes
        },
      }
    },
  }
}

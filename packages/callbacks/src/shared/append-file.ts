import { open } from 'node:fs/promises'
import { withDiskSpace } from '@convkit/core/node'

/** Adds to the end of a file, which is made where it is not there. @throws E_DISK_FULL */
export async function appendFile(file: string, content: string | Uint8Array): Promise<void> {
  await withDiskSpace(file, content.length, async () => {
    const handle = await open(file, 'a')
    try {
      await handle.writeFile(content)
    } finally {
      await handle.close()
    }
  })
}

import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  ConvkitError,
  nearest,
  type PretrainedWeights,
  type Variant,
  type WeightsProvider,
} from '@convkit/core'
import { hubSettings } from '../hub/cache.js'
import { download } from '../hub/download.js'
import { hubFile } from '../hub/hub-file.js'
import { variantTags } from '../tags/tags.js'
import { hasReader, readPretrained, timmWeights } from './read-any.js'

const address = /^https?:\/\//

/** A file or folder; `local-dir:` is timm's word for one. */
export const files: WeightsProvider = {
  name: 'files',
  async open(weights, variant, context) {
    const path = weights.replace(/^local-dir:/, '')
    const isThere = (await stat(path).catch(() => undefined)) !== undefined
    const isFile = isThere || path !== weights || (hasReader(path) && !address.test(path))
    return isFile ? readPretrained(path, variant, context) : undefined
  },
}

/** An http or https address of a file. */
export const addresses: WeightsProvider = {
  name: 'addresses',
  open: async (weights, variant, context) =>
    address.test(weights)
      ? { ...(await readPretrained(await downloaded(weights), variant, context)), source: weights }
      : undefined,
}

/** A tag, `a1_in1k`, of {@link variantTags} or of timm's repositories; or any repository: `hf-hub:timm/resnet18.a1_in1k`. */
export const hub: WeightsProvider = {
  name: 'the Hugging Face hub',
  async open(weights, variant, context) {
    const [, named] = /^hf[-_]hub:(.+)$/.exec(weights) ?? []
    if (named) return fromHub(named, variant)
    if (!/^\w+$/.test(weights)) return undefined
    const tags = variantTags(variant)
    const tag = tags.find(({ tag }) => tag === weights)
    if (!tag) throw unknownTag(weights, variant, tags)
    if (tag.hub) return fromHub(tag.hub, variant)
    const opened = await addresses.open(tag.url ?? '', variant, context)
    return opened && { ...opened, ...(tag.preprocessing && { preprocessing: tag.preprocessing }) }
  },
}

function unknownTag(
  weights: string,
  { name }: Variant,
  tags: readonly { readonly tag: string }[],
): ConvkitError {
  const known = tags.map(({ tag }) => tag)
  const hint =
    known.length === 0 ? 'none are published for it' : `nearest: ${nearest(weights, known).join(', ')}`
  return new ConvkitError(
    'E_WEIGHTS',
    `There are no weights '${weights}' of ${name}, and no such file (${hint}); a repository is called hf-hub:owner/name`,
  )
}

async function fromHub(name: string, variant: Variant): Promise<PretrainedWeights> {
  const [repository = '', revision] = name.split('@')
  const file = (file: string) => hubFile({ repository, file, ...(revision && { revision }) })
  return timmWeights(await file('config.json'), await file('model.safetensors'), name, variant)
}

/** Downloads once. Names such as `resnet18-f37072fd.pth` hold the beginning of the file's sha256, which is checked. */
async function downloaded(url: string): Promise<string> {
  const { downloads, offline } = hubSettings()
  const name = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '').replace(/[^\w.-]/g, '_')
  const folder = createHash('sha256').update(url).digest('hex').slice(0, 16)
  const path = join(downloads, folder, name)
  if (await stat(path).catch(() => undefined)) return path
  if (offline)
    throw new ConvkitError('E_HUB', `${url} is not at ${path}, and HF_HUB_OFFLINE forbids to download it`)
  const [, hex] = /-([0-9a-f]{8,64})\.\w+$/.exec(name) ?? []
  await download({ url, path, ...(hex && { sum: { kind: 'sha256', hex } }), resume: hex !== undefined })
  return path
}

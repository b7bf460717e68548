import { homedir } from 'node:os'
import { join } from 'node:path'
import { ConvkitError } from '@convkit/core'

/** The environment variables of Python's huggingface_hub, and what they mean. */
export interface HubSettings {
  /** Folder of the cache, which Python's huggingface_hub shares. */
  readonly cache: string
  /** Folder of what was downloaded by an address. */
  readonly downloads: string
  readonly endpoint: string
  /** Whether only the cache is read. */
  readonly offline: boolean
  readonly token: string | undefined
  /** File of the token that `hf auth login` writes. */
  readonly tokenFile: string
}

/** HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_HUB_OFFLINE, HF_TOKEN and HF_TOKEN_PATH. */
export function hubSettings(environment: NodeJS.ProcessEnv = process.env): HubSettings {
  const root = environment.XDG_CACHE_HOME || join(homedir(), '.cache')
  const home = environment.HF_HOME || join(root, 'huggingface')
  const isOn = (value = '') => ['1', 'on', 'yes', 'true'].includes(value.toLowerCase())
  return {
    cache: environment.HF_HUB_CACHE || environment.HUGGINGFACE_HUB_CACHE || join(home, 'hub'),
    downloads: join(root, 'convkit', 'downloads'),
    endpoint: (environment.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, ''),
    offline: isOn(environment.HF_HUB_OFFLINE) || isOn(environment.TRANSFORMERS_OFFLINE),
    token: environment.HF_TOKEN || environment.HUGGING_FACE_HUB_TOKEN || undefined,
    tokenFile: environment.HF_TOKEN_PATH || join(home, 'token'),
  }
}

/** A file of a repository of the hub. */
export interface HubFile {
  /** `timm/resnet18.a1_in1k` */
  readonly repository: string
  readonly file: string
  /** Branch, tag or commit; `main` by default. */
  readonly revision?: string
}

/** Where the cache keeps what belongs to a file. */
export interface HubPaths {
  /** Holds the commit of a branch or tag. */
  readonly ref: string
  /** The file in a commit: a link to a blob. */
  snapshot(commit: string): string
  /** Contents, by their hash. */
  blob(etag: string): string
}

/** @throws E_HUB when a name could lead out of the cache. */
export function hubPaths({ cache }: Pick<HubSettings, 'cache'>, hubFile: HubFile): HubPaths {
  const { repository, file, revision = 'main' } = hubFile
  for (const [what, name, pattern] of [
    ['repository', repository, /^[\w.-]+(\/[\w.-]+)?$/],
    ['file', file, /^[\w.-]+(\/[\w.-]+)*$/],
    ['revision', revision, /^[\w.-]+(\/[\w.-]+)*$/],
  ] as const) {
    if (!pattern.test(name) || name.split('/').some((part) => /^\.+$/.test(part))) {
      throw new ConvkitError(
        'E_HUB',
        `${JSON.stringify(name)} is not the name of a ${what} of the Hugging Face hub`,
      )
    }
  }
  const folder = join(cache, `models--${repository.replaceAll('/', '--')}`)
  return {
    ref: join(folder, 'refs', ...revision.split('/')),
    snapshot: (commit) => join(folder, 'snapshots', commit, ...file.split('/')),
    blob: (etag) => join(folder, 'blobs', etag),
  }
}

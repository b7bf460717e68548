import { ConvkitError } from '@convkit/core'

/** How a network's name is written in the places where it stands. */
export interface Spellings {
  /** `convkit-plugin-wide-net`, or `@me/convkit-plugin-wide-net` */
  readonly package: string
  /** Of files: `wide-net` */
  readonly kebab: string
  /** Of models: `wide_net` */
  readonly snake: string
  /** Of values: `wideNet` */
  readonly camel: string
  /** Of types: `WideNet` */
  readonly pascal: string
}

const prefix = 'convkit-plugin-'

/** All spellings of `wide-net`, `WideNet`, `convkit-plugin-wide-net` or `@me/wide-net`. @throws E_OPTION for other names. */
export function spellingsOf(name: string): Spellings {
  const [, scope = '', given = ''] = /^(@[a-z0-9-]+\/)?(.*)$/.exec(name) ?? []
  const kebab = given
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()
    .replace(prefix, '')
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kebab))
    throw new ConvkitError(
      'E_OPTION',
      `A plugin is named by letters, digits and hyphens, such as wide-net; got '${name}'`,
    )
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
  const words = kebab.split('-')
  const pascal = words.map(capital).join('')
  const camel = (words[0] as string) + words.slice(1).map(capital).join('')
  return { package: `${scope}${prefix}${kebab}`, kebab, snake: words.join('_'), camel, pascal }
}

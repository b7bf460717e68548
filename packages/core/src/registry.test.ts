import { describe, expect, it } from 'vitest'
import { definePlugin } from './plugin.js'
import type { Pixels } from './preprocessing.js'
import { createRegistry, defaultRegistry, register } from './registry.js'
import { referenceProvider } from './testing/reference-engine.js'
import tinyPlugin, { tinynet } from './testing/tinynet.js'

describe('registry', () => {
  it('lists what plugins added', () => {
    const registry = createRegistry(
      tinyPlugin,
      definePlugin({ name: 'others', blocks: { pass: (_, x) => x }, engines: [referenceProvider] }),
    )
    expect([...registry.models.keys()]).toEqual(['tinynet_4', 'tinynet_dropout'])
    expect(registry.model('tinynet_4')).toEqual({
      name: 'tinynet_4',
      architecture: tinynet,
      config: { width: 4, dropRate: 0 },
    })
    expect([...registry.blocks.keys()]).toEqual(['pass'])
    expect([...registry.engines.keys()]).toEqual(['reference'])
  })

  it('takes the same plugin twice as once', () => {
    expect(createRegistry(tinyPlugin).register(tinyPlugin).plugins).toEqual([tinyPlugin])
  })

  it('names both owners of a duplicate, and adds nothing of the second', () => {
    const registry = createRegistry(tinyPlugin)
    const second = definePlugin({ name: 'copycat', blocks: { pass: (_, x) => x }, architectures: [tinynet] })
    expect(() => registry.register(second)).toThrow(
      "The model 'tinynet_4' of plugin 'copycat' is already registered by 'tinynet'",
    )
    expect(registry.blocks.size).toBe(0)
  })

  it('says that a plugin is there twice in two copies', () => {
    const copy = { ...tinyPlugin }
    expect(() => createRegistry(tinyPlugin, copy)).toThrow(
      "The model 'tinynet_4' of plugin 'tinynet' is already registered by another copy of it: keep one (npm ls tinynet)",
    )
  })

  it.each([
    [2, '@convkit/core'],
    [0, 'future'],
  ])('refuses a plugin for version %i of the plugin interface, and says to update %s', (api, outdated) => {
    const registry = createRegistry()
    const plugin = { ...definePlugin({ name: 'future', blocks: { pass: (_, x) => x } }), api }
    expect(() => registry.register(plugin)).toThrow(`update ${outdated} (npm install ${outdated}@latest)`)
    expect(registry.blocks.size).toBe(0)
  })

  it('takes a plugin that does not say what it was made for', () => {
    expect(createRegistry({ name: 'plain', blocks: { pass: (_, x) => x } }).blocks.size).toBe(1)
  })

  it('takes parts of augmentations', () => {
    const part = { name: 'same', apply: (image: Pixels) => image }
    const plugin = definePlugin({
      name: 'parts',
      crops: {
        whole:
          () =>
          ({ height, width }) => ({ left: 0, top: 0, height, width }),
      },
      transforms: { same: () => part },
      mixes: {
        none: () => ({
          name: 'none',
          apply: ({ labels, size }) => ({ labels, shares: new Float32Array(size) }),
        }),
      },
      augmentations: [{ name: 'nothing', transforms: [] }],
    })
    const registry = createRegistry(plugin)
    expect(registry.transform('same')()).toBe(part)
    expect(registry.augmentation('nothing').transforms).toEqual([])
    expect(registry.crop('whole')().length).toBe(1)
    expect(registry.mix('none')().name).toBe('none')
    expect(() => registry.transform('sam')).toThrow(
      "There is no transform 'sam' (nearest: same; all of them: same)",
    )
    expect(() => createRegistry().mix('mixup')).toThrow('register(augment) of @convkit/augment')
    const other = { name: 'others', augmentations: [{ name: 'nothing', transforms: [] }] }
    expect(() => registry.register(other)).toThrow(
      "The augmentation 'nothing' of plugin 'others' is already registered by 'parts'",
    )
  })

  it('offers the nearest names for an unknown one', () => {
    expect(() => createRegistry(tinyPlugin).model('tinynet4')).toThrow(
      "There is no model 'tinynet4' (nearest: tinynet_4, tinynet_dropout; all of them: convkit models)",
    )
    expect(() => createRegistry().model('resnet18')).toThrow(/no model is registered/)
  })

  it('is shared through globalThis, and refuses another version', () => {
    register(tinyPlugin)
    expect(defaultRegistry().models.has('tinynet_4')).toBe(true)
    const key = Symbol.for('@convkit/core/registry')
    const host = globalThis as unknown as Record<symbol, unknown>
    const mine = host[key]
    host[key] = { version: 99, from: 'file:///elsewhere/core.js', registry: createRegistry() }
    try {
      expect(() => defaultRegistry()).toThrow(
        /Two versions of @convkit\/core are loaded: file:\/\/\/elsewhere\/core\.js and /,
      )
    } finally {
      host[key] = mine
    }
  })
})

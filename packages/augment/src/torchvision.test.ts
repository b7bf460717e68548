import { createHash } from 'node:crypto'
import type { Pixels } from '@convkit/core'
import { describe, expect, it } from 'vitest'
import * as augment from './index.js'
import { autoAugmentPolicies } from './policies/auto-augment-policies.js'
import { type OperationName, operate } from './policies/operations.js'
import {
  augMixCorruptions,
  augMixSpace,
  autoAugmentSpace,
  increasingSpace,
  randAugmentSpace,
  type Space,
  type Strength,
  wideSpace,
} from './policies/spaces.js'
import { colorImage, decoded, greyImage, torchvision } from './test-support/torchvision.js'

type Call = (image: Pixels, ...values: readonly unknown[]) => Pixels | Promise<Pixels>
const calls = augment as Readonly<Record<string, unknown>>

// Every byte is torchvision's on PIL images: nothing is tolerated.
describe('transforms with given numbers', () => {
  it.each(torchvision.calls)('$call $arguments of $channels channels is torchvision’s', async (made) => {
    const image = made.channels === 3 ? colorImage : greyImage
    const changed = await (calls[made.call] as Call)(image, ...made.arguments)
    expect({ ...changed, data: [...changed.data] }).toEqual({ ...image, data: [...decoded(made.pixels)] })
  })

  it('leaves its input alone', async () => {
    const before = [...colorImage.data]
    for (const made of torchvision.calls) await (calls[made.call] as Call)(colorImage, ...made.arguments)
    expect([...colorImage.data]).toEqual(before)
  })
})

const strengthOf = (space: Space | undefined, name: string) => space?.[name as OperationName] as Strength
const spaces: Readonly<Record<string, Space>> = {
  autoAugment: autoAugmentSpace,
  randAugment: randAugmentSpace,
  wide: wideSpace,
  augMix: { ...augMixSpace, ...augMixCorruptions },
}

describe('policies', () => {
  it.each(Object.entries(torchvision.spaces))('%s has torchvision’s operations', (name, cases) => {
    expect(new Set(Object.keys(spaces[name] ?? {}))).toEqual(new Set(cases.map((made) => made.operation)))
    const ours = cases.map(({ operation, level }) => {
      const { magnitude, isSigned: signed = false } = strengthOf(spaces[name], operation)
      const changed = operate(operation as OperationName, colorImage, magnitude(level, colorImage), {
        interpolation: 'nearest',
      })
      const sha256 = createHash('sha256').update(changed.data).digest('hex').slice(0, 16)
      return { operation, level, signed, sha256 }
    })
    expect(ours).toEqual(cases)
  })

  it('has timm’s increasing strengths at level 7 of 10', () => {
    expect(new Set(Object.keys(increasingSpace))).toEqual(new Set(Object.keys(torchvision.timm)))
    for (const [name, [argument = 0]] of Object.entries(torchvision.timm)) {
      const { magnitude, isSigned } = strengthOf(increasingSpace, name)
      // timm has shares of the side where convkit has pixels, and factors where convkit has changes of them.
      const side = name === 'translate-x' ? colorImage.width : name === 'translate-y' ? colorImage.height : 1
      const neutral = ['color', 'contrast', 'brightness', 'sharpness'].includes(name) ? 1 : 0
      const theirs = (argument - neutral) * side
      expect([name, magnitude(0.7, colorImage)]).toEqual([
        name,
        expect.closeTo(isSigned ? Math.abs(theirs) : theirs, 9),
      ])
    }
  })

  it('has the learned policies', () => {
    expect(autoAugmentPolicies).toEqual(torchvision.policies)
  })
})

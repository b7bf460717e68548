import { type Blend, blendInTurn, type ImageTransform, type Pixels, turnHue } from '@convkit/core'
import { numberOrRange, type Range } from '../shared/options.js'
import { type Chance, randomTransform } from '../shared/random-transform.js'

/** Black at 0, the image itself at 1. */
export function adjustBrightness(image: Pixels, factor: number): Pixels {
  return blendInTurn(image, [{ with: 0, factor }])
}

/** The mean grey at 0, the image itself at 1. */
export function adjustContrast(image: Pixels, factor: number): Pixels {
  return blendInTurn(image, [{ with: 'mean luma', factor }])
}

/** The grey image at 0, the image itself at 1; a grey image stays as it is. */
export function adjustSaturation(image: Pixels, factor: number): Pixels {
  return image.channels === 1 ? image : blendInTurn(image, [{ with: 'luma', factor }])
}

/** Hues turned by `turns` · 360°, from −½ to ½; a grey image stays as it is. */
export function adjustHue(image: Pixels, turns: number): Pixels {
  return turnHue(image, turns)
}

/** How far a factor goes from 1 on either side, or the range of the factor. */
export type Jitter = number | Range

export interface ColorJitterOptions extends Chance {
  /** 0 by default. */
  readonly brightness?: Jitter
  /** 0 by default. */
  readonly contrast?: Jitter
  /** 0 by default. */
  readonly saturation?: Jitter
  /** Turns to either side, at most 0.5, or their range; 0 by default. */
  readonly hue?: number | Range
}

/** 0.4 → [0.6, 1.4] */
const factors = (jitter: Jitter): Range =>
  typeof jitter === 'number' ? [Math.max(0, 1 - jitter), 1 + jitter] : jitter

const turnsField = {
  ...numberOrRange(0, 0, 0.5),
  wanted: 'a number from 0 to 0.5, or two from -0.5 to 0.5 with the lower one first',
  isValid: (value: unknown) =>
    Array.isArray(value)
      ? numberOrRange(0, -0.5, 0.5).isValid(value)
      : numberOrRange(0, 0, 0.5).isValid(value),
}

interface JitterStep {
  readonly range: Range
  /** What changes nothing. */
  readonly neutral: number
  /** What the image is blended with; without it hues are turned. */
  readonly blend?: Blend['with']
}

/** Changes brightness, contrast, saturation and hue, in random order: torchvision's `ColorJitter`. */
export function colorJitter(options?: ColorJitterOptions): ImageTransform {
  return randomTransform<ColorJitterOptions>({
    name: 'color-jitter',
    fields: {
      brightness: numberOrRange(0, 0),
      contrast: numberOrRange(0, 0),
      saturation: numberOrRange(0, 0),
      hue: turnsField,
    },
    options,
    apply(image, { brightness, contrast, saturation, hue }, draws, into) {
      const turns: Range = typeof hue === 'number' ? [-hue, hue] : hue
      const steps: readonly JitterStep[] = [
        { range: factors(brightness), neutral: 1, blend: 0 },
        { range: factors(contrast), neutral: 1, blend: 'mean luma' },
        { range: factors(saturation), neutral: 1, blend: 'luma' },
        { range: turns, neutral: 0 },
      ]
      let jittered = image
      let blends: Blend[] = []
      const blended = () => (blends.length > 0 ? blendInTurn(jittered, blends, into) : jittered)
      for (const position of draws.order(steps.length)) {
        const { range, neutral, blend } = steps[position] as JitterStep
        if (range[0] === neutral && range[1] === neutral) continue
        const amount = draws.uniform(...range)
        if (blend !== undefined) {
          blends.push({ with: blend, factor: amount })
          continue
        }
        jittered = turnHue(blended(), amount, into)
        blends = []
      }
      return blended()
    },
  })
}

/** How an image becomes the network's input. It travels with the model: training, evaluation and serving read it. */
export interface Preprocessing {
  /** Height and width of the network's input. */
  readonly inputSize: readonly [height: number, width: number]
  /** 3 for RGB, 1 for grey. */
  readonly channels: 1 | 3
  readonly interpolation: 'bilinear' | 'bicubic' | 'nearest'
  /** The image is scaled to the input size divided by this, then cropped: 0.875 scales to 256 for 224. */
  readonly cropPct: number
  /** `center`: scale the shorter side, crop the centre. `squash`: scale both sides, whatever the aspect ratio. */
  readonly cropMode: 'center' | 'squash'
  /** Subtracted from pixels in [0, 1], a value a channel. */
  readonly mean: readonly number[]
  /** Then divided by. */
  readonly std: readonly number[]
}

export const imagenetMean = [0.485, 0.456, 0.406] as const
export const imagenetStd = [0.229, 0.224, 0.225] as const

/** timm's defaults for ImageNet. */
export const imagenetPreprocessing: Preprocessing = {
  inputSize: [224, 224],
  channels: 3,
  interpolation: 'bilinear',
  cropPct: 0.875,
  cropMode: 'center',
  mean: imagenetMean,
  std: imagenetStd,
}

/** Decoded pixels, interleaved rows (`[h, w, c]`), 8 bits a channel, RGB or grey. */
export interface Pixels {
  readonly height: number
  readonly width: number
  readonly channels: 1 | 3
  readonly data: Uint8Array
}

/** `keras.applications.imagenet_utils.preprocess_input`, by its modes. */
const keras = { interpolation: 'bilinear', cropPct: 0.875 } as const

/** The mean is subtracted from pixels in [0, 255]; BGR is made of RGB by reversing the first convolution's inputs. */
export const caffe = {
  ...keras,
  mean: [123.68 / 255, 116.779 / 255, 103.939 / 255],
  std: [1 / 255, 1 / 255, 1 / 255],
}

/** [−1, 1] */
export const tf = { ...keras, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }

/** ImageNet's mean and standard deviation. */
export const torch = { ...keras, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }

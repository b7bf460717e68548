// The networks that suites measure, and how many images they train on at once.

export const cases = [
  { model: 'resnet18', size: 224, batchSize: 16 },
  { model: 'resnet50', size: 224, batchSize: 8 },
  { model: 'vgg16', size: 224, batchSize: 4 },
  { model: 'resnet20', size: 32, batchSize: 64, classes: 10 },
  { model: 'mobilenetv2_100', size: 224, batchSize: 16 },
]

/** On a GPU, which fewer images would leave idle. */
export const gpuCases = [
  { model: 'resnet18', size: 224, batchSize: 64 },
  { model: 'resnet50', size: 224, batchSize: 32 },
]

export const describeCase = ({ model, size, batchSize }) => `${model} ${size}×${size}, batch ${batchSize}`

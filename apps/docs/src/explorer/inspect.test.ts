import { expect, test } from 'vitest'
import { families, inspect } from './inspect.js'
import { stageOf } from './stages.js'

test('counts ResNet-50 as the paper and timm do', () => {
  const { parameters, macs, stages } = inspect('resnet50')
  expect(parameters).toBe(25_557_032)
  expect(macs / 1e9).toBeCloseTo(4.09, 2)
  const { rows } = inspect('resnet50_v1')
  expect(rows.find(({ scope }) => scope === 'layer4.2.conv3')?.receptiveField).toBe(483)
  expect(stages.map(({ name }) => name)).toEqual([
    'conv1',
    'bn1',
    'layer1',
    'layer2',
    'layer3',
    'layer4',
    'fc',
  ])
})

test.each([
  ['googlenet', 6_624_904],
  ['densenet121', 7_978_856],
  ['vgg16', 138_357_544],
])('%s has the %i parameters that the pages say', (name, parameters) => {
  expect(inspect(name).parameters).toBe(parameters)
})

test('another number of classes changes the classifier alone', () => {
  const [ten, thousand] = [inspect('resnet18', { classes: 10 }), inspect('resnet18')]
  expect(thousand.parameters - ten.parameters).toBe(990 * 513)
  expect(ten.stages.slice(0, -1)).toEqual(thousand.stages.slice(0, -1))
})

test('stages add up to the whole', () => {
  const { stages, parameters, macs } = inspect('mobilenetv2_100', { size: 96 })
  expect(stages.reduce((sum, stage) => sum + stage.parameters, 0)).toBe(parameters)
  expect(stages.reduce((sum, stage) => sum + stage.macs, 0)).toBe(macs)
})

test('every family of the zoo can be chosen', () => {
  expect(families.get('resnet')).toContain('resnet152')
  expect([...families.keys()]).toContain('convnext')
})

test('a name that holds most of a network is no stage', () => {
  expect(stageOf('layer1.0.conv1', ['conv1', 'layer1.0.conv1', 'layer2.0.conv1', 'fc'])).toBe('layer1')
  expect(stageOf('features.3', ['features.0', 'features.3', 'features.6', 'head.fc'])).toBe('features.3')
})

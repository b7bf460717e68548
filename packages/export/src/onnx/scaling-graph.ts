import { ConvkitError, type Preprocessing } from '@convkit/core'
import { float, type GraphBuilder, graphBuilder, type OnnxGraph, type OnnxNode } from '@convkit/engine-onnx'
import { inputName } from '../graph/inference-graph.js'

/** The name of what a scaling graph gives. */
export const scaledName = 'scaled'

const uint8 = 2
const float32 = 1
const int64 = 7

/**
 * Scales and crops images as a model's record says, uint8 `[n, height, width, channels]` of any height and width →
 * `[n, ...inputSize, channels]`: one axis after the other, each antialiased and rounded to 8 bits, as PIL does it.
 *
 * @throws E_EXPORT where the crop reaches beyond the scaled image.
 */
export function scalingGraph(preprocessing: Preprocessing): OnnxGraph {
  const { inputSize, channels, cropPct } = preprocessing
  if (cropPct > 1) {
    throw new ConvkitError(
      'E_EXPORT',
      `Scaling cannot be part of the exported model where the crop reaches beyond the image, got a crop_pct of ${cropPct}`,
    )
  }
  const build = graphBuilder()
  const image = build.input(inputName, 'uint8', [1, 1, 1, channels])
  const shape = build.add('Shape', [image])
  const size = sizeAfter(build, build.add('Gather', [shape, build.integers([1, 2])]), preprocessing)
  const planes = build.add('Transpose', [image], { perm: [0, 3, 1, 2] })
  const scaled = resized(build, build.add('Cast', [planes], { to: float32 }), { shape, size }, preprocessing)
  const cropped = centerCropped(build, scaled, size, inputSize)
  const pixels = build.add('Transpose', [cropped], { perm: [0, 2, 3, 1] })
  const value = build.reshape(build.add('Cast', [pixels], { to: uint8 }), [-1, ...inputSize, channels])
  return build.finish([{ name: scaledName, dtype: 'uint8', shape: [1, ...inputSize, channels], value }])
}

/**
 * Height and width before the crop, int64 `[2]`, of those of an image. The side that decides is exact; a square input
 * has the other one truncated, as torchvision and timm have it, and any other rounded.
 */
function sizeAfter(
  build: GraphBuilder,
  size: string,
  { inputSize, cropPct, cropMode }: Preprocessing,
): string {
  const target = inputSize.map((side) => Math.floor(side / cropPct))
  if (cropMode === 'squash') return build.integers(target)
  const [height, width] = target as [number, number]
  const [rows, columns] = [0, 1].map((axis) => build.add('Gather', [size, build.integers([axis])])) as [
    string,
    string,
  ]
  const times = (value: string, factor: number) => build.add('Mul', [value, build.integers([factor])])
  const isWide = build.add('GreaterOrEqual', [times(columns, height), times(rows, width)])
  const ratio = [
    build.add('Where', [isWide, build.integers([height]), build.integers([width])]),
    build.add('Where', [isWide, rows, columns]),
  ] as const
  if (height === width) return build.add('Div', [build.add('Mul', [size, ratio[0]]), ratio[1]])
  const doubled = times(build.add('Mul', [size, ratio[0]]), 2)
  return build.add('Div', [build.add('Add', [doubled, ratio[1]]), times(ratio[1], 2)])
}

const modes = {
  // What of a kernel reaches beyond the image does not count, as in PIL.
  bilinear: { mode: 'linear', antialias: 1, exclude_outside: 1 },
  // Keys 1981 with a = −1/2
  bicubic: { mode: 'cubic', antialias: 1, exclude_outside: 1, cubic_coeff_a: float(-0.5) },
  nearest: { mode: 'nearest', nearest_mode: 'round_prefer_ceil' },
} as const

/** `[n, c, height, width]` → `[n, c, ...size]`: columns first, and rounded to 8 bits, then rows. */
function resized(
  build: GraphBuilder,
  planes: string,
  { shape, size }: { readonly shape: string; readonly size: string },
  { interpolation }: Preprocessing,
): string {
  const from = (vector: string, at: readonly number[]) => build.add('Gather', [vector, build.integers(at)])
  const resize = (x: string, height: string, width: string) => {
    const sizes = build.add('Concat', [from(shape, [0, 3]), height, width], { axis: 0 })
    const attributes = { ...modes[interpolation], coordinate_transformation_mode: 'half_pixel' }
    const y = build.add('Add', [build.add('Resize', [x, '', '', sizes], attributes), build.number(0.5)])
    // halves up, and not to the even number as Round has them
    return build.add('Clip', [build.add('Floor', [y]), build.number(0), build.number(255)])
  }
  const narrowed = resize(planes, from(shape, [1]), from(size, [1]))
  return resize(narrowed, from(size, [0]), from(size, [1]))
}

/** The middle; halves go to the even number. */
function centerCropped(
  build: GraphBuilder,
  x: string,
  size: string,
  crop: readonly [height: number, width: number],
): string {
  const beyond = build.add('Sub', [size, build.integers(crop)])
  const half = build.add('Mul', [build.add('Cast', [beyond], { to: float32 }), build.number(0.5)])
  const start = build.add('Cast', [build.add('Round', [half])], { to: int64 })
  const end = build.add('Add', [start, build.integers(crop)])
  return build.add('Slice', [x, start, end, build.integers([2, 3])])
}

/** A graph of a network that takes pixels of its input size, with the scaling before it. */
export function withScaling(network: OnnxGraph, preprocessing: Preprocessing): OnnxGraph {
  const scaling = scalingGraph(preprocessing)
  const own = (name: string) => (name === '' || name === inputName ? name : `scaling/${name}`)
  const renamed = scaling.nodes.map((node): OnnxNode => {
    return { ...node, inputs: node.inputs.map(own), outputs: node.outputs.map(own) }
  })
  const read = (name: string) => (name === inputName ? own(scaledName) : name)
  return {
    nodes: [...renamed, ...network.nodes.map((node) => ({ ...node, inputs: node.inputs.map(read) }))],
    inputs: scaling.inputs,
    outputs: network.outputs,
    initializers: new Map([
      ...[...scaling.initializers].map(([name, value]) => [own(name), value] as const),
      ...network.initializers,
    ]),
    shapes: network.shapes,
  }
}

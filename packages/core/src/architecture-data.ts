import { add, ConvkitError, concat, type SymbolicTensor } from '@convkit/graph'
import * as v from 'valibot'
import { type Architecture, defineArchitecture } from './architecture.js'
import type { Preprocessing } from './preprocessing.js'
import type { Scope } from './scope.js'

/** A registered block with its options, once or several times. */
export interface BlockLayer {
  /** Name of a registered block: `conv-norm-act`. */
  readonly block: string
  /** Path of its parameters, joined with dots; what has no parameters needs none. */
  readonly name?: string
  /** What the block takes, such as `{ filters: 64, strides: 2 }`. */
  readonly options?: Readonly<Record<string, unknown>>
  /** How many of it follow each other, as `name.0`, `name.1`, …; without it there is one, called `name`. */
  readonly repeat?: number
  /** Options that differ in the first of them, such as `{ strides: 2 }`. */
  readonly first?: Readonly<Record<string, unknown>>
  /** Whether the output is a stage's, for feature extraction; it is called `name`. */
  readonly feature?: boolean
}

/** Branches that all see the same input; an empty one passes it on. */
export interface ParallelLayer {
  readonly parallel: readonly (readonly LayerData[])[]
  /** `concat`, by channels, or `add`. */
  readonly join: 'concat' | 'add'
  /** Branches are called `name.0`, `name.1`, …. */
  readonly name?: string
  readonly feature?: boolean
}

export type LayerData = BlockLayer | ParallelLayer

/** A network as data: what a JSON or YAML file holds. */
export interface ArchitectureData {
  readonly name: string
  /** Paper or reference. */
  readonly source?: string
  /** Classes when none are asked for; 1000 by default. */
  readonly classes?: number
  /** Input size, mean, std and so on, where they differ from ImageNet's. */
  readonly preprocessing?: Partial<Preprocessing>
  /** Path of the layer that gives the logits; by default that of the last layer's. */
  readonly classifier?: string
  /** Path of the first convolution. */
  readonly firstConvolution?: string
  /** From the normalised image `[n, h, w, c]` to logits `[n, classes]`. */
  readonly layers: readonly LayerData[]
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1))
const name = v.pipe(v.string(), v.minLength(1))
const options = v.record(v.string(), v.unknown())
const size = v.tuple([count, count])
const triple = v.array(v.number())

const layerSchema: v.GenericSchema<LayerData> = v.lazy(() =>
  v.union([
    v.strictObject({
      block: name,
      name: v.optional(name),
      options: v.optional(options),
      repeat: v.optional(count),
      first: v.optional(options),
      feature: v.optional(v.boolean()),
    }),
    v.strictObject({
      parallel: v.array(v.array(layerSchema)),
      join: v.picklist(['concat', 'add']),
      name: v.optional(name),
      feature: v.optional(v.boolean()),
    }),
  ]),
)

/** What a file with an architecture must hold; `schemas/architecture.json` is made from it, for editors. */
export const architectureSchema = v.strictObject({
  $schema: v.optional(v.string()),
  name,
  source: v.optional(v.string()),
  classes: v.optional(count),
  preprocessing: v.optional(
    v.partial(
      v.strictObject({
        inputSize: size,
        channels: v.picklist([1, 3]),
        interpolation: v.picklist(['bilinear', 'bicubic', 'nearest']),
        cropPct: v.number(),
        cropMode: v.picklist(['center', 'squash']),
        mean: triple,
        std: triple,
      }),
    ),
  ),
  classifier: v.optional(name),
  firstConvolution: v.optional(name),
  layers: v.pipe(v.array(layerSchema), v.minLength(1)),
})

/**
 * The architecture that data describes: registered blocks, stacked.
 *
 * @param source names the data in messages: a file's path.
 * @throws E_ARCHITECTURE naming the first key that is missing or wrong. Blocks are looked up when it is traced.
 */
export function architectureFromData(data: unknown, source: string): Architecture<object, string> {
  const parsed = v.safeParse(architectureSchema, data)
  if (!parsed.success) {
    const [issue] = parsed.issues
    throw new ConvkitError(
      'E_ARCHITECTURE',
      `${source} is not an architecture: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`,
    )
  }
  const { $schema, ...valid } = parsed.output
  const { layers, ...definition } = valid as ArchitectureData
  const classifier = definition.classifier ?? classifierOf(layers.at(-1) as LayerData, source)
  const architecture = defineArchitecture({
    ...definition,
    classifier,
    variants: { [definition.name]: {} },
    build: (net, image) => stack(net, image, layers),
  })
  return { ...architecture, data: valid as ArchitectureData }
}

/** The last layer's path; convkit's own `classifier` keeps its weights one level down. */
function classifierOf(last: LayerData, source: string): string {
  if (!('block' in last) || last.name === undefined) {
    throw new ConvkitError(
      'E_ARCHITECTURE',
      `${source} does not say which layer gives the logits: name the last layer, or set classifier to its path`,
    )
  }
  return last.block === 'classifier' ? `${last.name}.${last.options?.name ?? 'fc'}` : last.name
}

function stack(net: Scope, image: SymbolicTensor, layers: readonly LayerData[]): SymbolicTensor {
  return layers.reduce((x, layer) => {
    const scope = layer.name === undefined ? net : net.scope(layer.name)
    const y = 'block' in layer ? repeated(scope, x, layer) : joined(scope, x, layer)
    return layer.feature && layer.name !== undefined ? net.feature(layer.name, y) : y
  }, image)
}

function repeated(net: Scope, x: SymbolicTensor, layer: BlockLayer): SymbolicTensor {
  const build = net.block(layer.block)
  const { options = {}, first = {}, repeat } = layer
  const opening = { ...options, ...first }
  if (repeat === undefined) return build(net, x, opening)
  return Array.from({ length: repeat }).reduce<SymbolicTensor>(
    (y, _, index) => build(net.scope(index), y, index === 0 ? opening : options),
    x,
  )
}

function joined(net: Scope, x: SymbolicTensor, { parallel, join }: ParallelLayer): SymbolicTensor {
  const branches = parallel.map((layers, index) => stack(net.scope(index), x, layers))
  return join === 'concat' ? concat(branches) : branches.reduce((a, b) => add(a, b))
}

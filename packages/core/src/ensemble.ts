import { ConvkitError } from '@convkit/graph'
import { type Average, averageProbabilities } from './average.js'
import { type Prediction, type PredictOptions, topClasses } from './model.js'
import type { Inference } from './predictor.js'
import type { Pixels } from './preprocessing.js'

/** Whatever gives probabilities of classes: a model, a fully convolutional one, another ensemble. */
export interface Classifier {
  readonly classes: readonly string[]
  infer(images: readonly Pixels[]): Promise<Pick<Inference, 'probabilities'>>
}

export interface EnsembleOptions {
  /** How much each member counts; all alike by default. */
  readonly weights?: readonly number[]
  /** `mean` by default. */
  readonly average?: Average
}

export interface Ensemble extends Classifier {
  predict(image: Pixels, options?: PredictOptions): Promise<Prediction[]>
}

/**
 * The average of several classifiers' probabilities: of other networks, of the same one's dense and fully convolutional
 * forms, of other scales (Simonyan and Zisserman 2015, section 4.3: model fusion; Szegedy et al. 2015, section 7).
 *
 * @throws E_OPTION without members, where their classes differ, or for weights that do not fit.
 */
export function ensemble(members: readonly Classifier[], options: EnsembleOptions = {}): Ensemble {
  const { weights = members.map(() => 1), average } = options
  const [first] = members
  const fail = (problem: string): never => {
    throw new ConvkitError('E_OPTION', `ensemble: ${problem}`)
  }
  if (!first) return fail('needs at least one member, got none')
  const { classes } = first
  members.forEach((member, index) => {
    if (JSON.stringify(member.classes) !== JSON.stringify(classes)) {
      fail(
        `member ${index} has the classes ${describe(member.classes)}, but the first has ${describe(classes)}`,
      )
    }
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (weights.length !== members.length || !weights.every((weight) => weight >= 0) || !(total > 0)) {
    fail(`needs ${members.length} weights of at least 0 with a positive sum, got ${JSON.stringify(weights)}`)
  }

  const shares = weights.map((weight) => weight / total)
  const infer: Classifier['infer'] = async (images) => {
    const all: Float32Array[] = []
    for (const member of members) all.push((await member.infer(images)).probabilities)
    return { probabilities: averageProbabilities(all, shares, classes.length, average) }
  }
  return {
    classes,
    infer,
    async predict(image, predictOptions) {
      const { probabilities } = await infer([image])
      return topClasses(probabilities, classes, predictOptions)
    },
  }
}

function describe(classes: readonly string[]): string {
  return `${classes.slice(0, 3).join(', ')}${classes.length > 3 ? `, … (${classes.length})` : ''}`
}

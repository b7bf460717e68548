import {
  type Average,
  averageProbabilities,
  type Classifier,
  ConvkitError,
  type Ensemble,
  inputPredictor,
  type Model,
  nearest,
  toFullyConvolutional,
  topClasses,
} from '@convkit/core'
import { mirrored, type Views, viewsOf } from './views.js'

/** Ways to look at an image more than once, by name. */
export const testTimeMethods = ['flip', 'five-crop', 'ten-crop', 'multi-scale', 'dense'] as const
export type TestTimeMethod = (typeof testTimeMethods)[number]

export interface TestTimeOptions {
  /** `mean` by default. */
  readonly average?: Average | undefined
}

/** Predicts from several views of each image. Dispose of it before the model's weights change. */
export interface TestTimeClassifier extends Ensemble {
  dispose(): Promise<void>
}

/** Images whose views go to the network together. */
const imagesAtOnce = 8

/**
 * Averages a model's probabilities over several views of each image: `testTime(model, 'ten-crop')`. `dense` takes the
 * whole image and its mirror image by the fully convolutional form (Simonyan and Zisserman 2015, section 3.2); views of
 * one's own are a function of the image.
 *
 * @throws E_OPTION for an unknown name; when it runs, E_SHAPE for an image that is too small for `dense`.
 */
export function testTime(
  model: Model,
  method: TestTimeMethod | Views,
  { average }: TestTimeOptions = {},
): TestTimeClassifier {
  const { network, views } = lookingBy(model, method)
  const { classes } = model
  const infer: Classifier['infer'] = async (images) => {
    const probabilities = new Float32Array(images.length * classes.length)
    for (let from = 0; from < images.length; from += imagesAtOnce) {
      const seen = images.slice(from, from + imagesAtOnce).map(views)
      const rows = (await network.infer(seen.flat())).probabilities
      const count = seen[0]?.length ?? 0
      const averaged = averageViews(rows, count, classes.length, average)
      probabilities.set(averaged, from * classes.length)
    }
    return { probabilities }
  }
  return {
    classes,
    infer,
    async predict(image, options) {
      const { probabilities } = await infer([image])
      return topClasses(probabilities, classes, options)
    },
    dispose: network.dispose,
  }
}

function lookingBy(model: Model, method: TestTimeMethod | Views) {
  if (typeof method === 'function') return { network: inputPredictor(model), views: method }
  if (method === 'dense') {
    const views: Views = (image) => mirrored([image])
    return { network: toFullyConvolutional(model), views }
  }
  if (!(method in viewsOf)) {
    throw new ConvkitError(
      'E_OPTION',
      `There is no way to test called '${method}' (nearest: ${nearest(method, testTimeMethods).join(', ')}; all of them: ${testTimeMethods.join(', ')})`,
    )
  }
  return { network: inputPredictor(model), views: viewsOf[method](model.preprocessing) }
}

/** `[images · views, classes]` → `[images, classes]` */
function averageViews(
  rows: Float32Array,
  views: number,
  classes: number,
  average: Average | undefined,
): Float32Array {
  const images = rows.length / (views * classes)
  const members = Array.from({ length: views }, (_, view) => {
    const member = new Float32Array(images * classes)
    for (let image = 0; image < images; image++) {
      const from = (image * views + view) * classes
      member.set(rows.subarray(from, from + classes), image * classes)
    }
    return member
  })
  return averageProbabilities(
    members,
    members.map(() => 1 / views),
    classes,
    average,
  )
}

// #region sample
import { createRegistry, traceVariant } from '@convkit/core'
import zoo from '@convkit/zoo'

const registry = createRegistry(zoo)
const googlenet = registry.model('googlenet')
const training = traceVariant(googlenet, {
  registry,
  batchSize: 2,
  mode: 'train',
})
const inference = traceVariant(googlenet, {
  registry,
  batchSize: 2,
  mode: 'infer',
})

export const heads = training.auxiliary.map(({ logits, weight }) => ({
  shape: logits.shape,
  weight,
}))
// [{ shape: [2, 1000], weight: 0.3 }, { shape: [2, 1000], weight: 0.3 }]
export const kept = inference.auxiliary.length // 0: they are there in training only

// #endregion sample

// #region own
import { classifier, convNormAct } from '@convkit/blocks'
import { defineArchitecture, definePlugin } from '@convkit/core'

export const helped = defineArchitecture({
  name: 'helped',
  variants: { helped_8: { width: 8 } },
  classifier: 'fc',
  build(net, image, { width }: { width: number }) {
    const middle = convNormAct(net.scope('body.0'), image, {
      filters: width,
      kernelSize: 3,
      strides: 2,
    })
    if (net.mode === 'train')
      net.auxiliary(classifier(net.scope('aux'), middle), 0.3)
    const x = convNormAct(net.scope('body.1'), middle, {
      filters: 2 * width,
      kernelSize: 3,
      strides: 2,
    })
    return classifier(net, x)
  },
})
export const plugin = definePlugin({ name: 'helped', architectures: [helped] })
// #endregion own

import { definePlugin } from '@convkit/core'
import { convmixer } from './convmixer.js'

export { type ConvMixerConfig, convmixer } from './convmixer.js'

/** ConvMixer for convkit. */
const plugin = definePlugin({ name: 'convkit-plugin-convmixer', architectures: [convmixer] })
export default plugin

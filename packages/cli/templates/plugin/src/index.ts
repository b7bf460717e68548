import { definePlugin } from '@convkit/core'
import { tinyNet } from './tiny-net.js'

export { type TinyNetConfig, tinyNet } from './tiny-net.js'

/** TinyNet for convkit. */
const plugin = definePlugin({ name: 'convkit-plugin-tiny-net', architectures: [tinyNet] })
export default plugin

// Training steps in images per second: what the TensorFlow engine gains by bfloat16.

import { precision } from '../line-up.mjs'
import { trainingSuite } from './training.mjs'

export const run = trainingSuite('precision', precision)

// Training steps in images per second on a GPU: convkit through WebGPU and CUDA, beside PyTorch.

import { gpuCases } from '../cases.mjs'
import { gpu } from '../line-up.mjs'
import { trainingSuite } from './training.mjs'

export const run = trainingSuite('gpu', gpu, gpuCases)

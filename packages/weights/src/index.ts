export { readNpz } from './numpy/read-npz.js'
export { readPyTorch } from './pytorch/read-pytorch.js'

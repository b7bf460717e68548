// Runs the slow comparisons with Python peers, or says why there are none. Arguments go to vitest.

import { spawnSync } from 'node:child_process'
import { hasPackages, python } from './python.mjs'

const peer = python()
if (peer.missing) {
  console.log(`Parity was not tested: there is no Python with torch and timm (${peer.missing}).`)
  process.exit(0)
}
const hasKeras = hasPackages('keras', 'tensorflow')
if (!hasKeras) console.log('Parity with Keras was not tested: the Python has no keras and tensorflow.')
const hasTensorboard = hasPackages('tensorboard')
if (!hasTensorboard) console.log('Event files were not read by TensorBoard: the Python has no tensorboard.')
const hasOnnx = hasPackages('onnx', 'onnxruntime')
if (!hasOnnx) console.log('ONNX files were not opened by Python: it has no onnx and onnxruntime.')
const without = [
  ...(hasKeras ? [] : ['--exclude', '**/*keras.parity.ts']),
  ...(hasOnnx ? [] : ['--exclude', '**/*.onnx.parity.ts']),
  ...(hasTensorboard ? [] : ['--exclude', '**/tensorboard.parity.ts']),
]
const { status } = spawnSync('vitest', ['run', '--project', 'parity', ...without, ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, CONVKIT_PYTHON: peer.path },
})
process.exit(status ?? 1)

// #region config
import { defineConfig } from '@convkit/cli'

export default defineConfig({
  engine: 'onnx', // of every command
  train: { epochs: 30, optimizer: 'sgd', augment: 'light' },
  plugins: ['convkit-plugin-convmixer', './my-network.ts'],
})
// #endregion config

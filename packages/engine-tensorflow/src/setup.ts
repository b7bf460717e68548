/** Makes, checks and describes the native binding to TensorFlow: what `convkit setup` and `convkit doctor` do. */
export { type ExamineOptions, examineTensorflow, type TensorflowState } from './setup/examine.js'
export type { BindingPackage, PackageName } from './setup/package.js'
export { installCommand } from './setup/package-manager.js'
export { type SetupOptions, type SetupResult, setUpTensorflow } from './setup/set-up.js'

import type { Backend } from '../backend/backend.js'
import type { Admission } from '../batching/admission.js'
import type { ServeOptions } from '../options.js'
import type { BatchedClassifier } from './classifier.js'

/** What the routes of a server share. */
export interface Serving {
  readonly backend: Backend
  readonly classifier: BatchedClassifier
  readonly admission: Admission
  readonly options: ServeOptions
  /** Whether requests are taken: the model is loaded, and the server is not ending. */
  isReady(): boolean
}

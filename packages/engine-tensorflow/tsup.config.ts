import { library } from '../../tsup.base.ts'

// Run in processes of their own: the one that TensorFlow runs in, and the probe of `convkit setup` and `convkit doctor`.
export default library(['runner', 'setup/probe'])

import { library } from '../../tsup.base.ts'

// Runs in threads of its own.
export default library(['decoding-thread'])

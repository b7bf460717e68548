import { fileURLToPath } from 'node:url'

/** Folder of what new files are made from; `../templates` holds for the source and for the build. */
export const templatesFolder = fileURLToPath(new URL('../templates', import.meta.url))

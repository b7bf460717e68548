import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Lock files (and the newer Yarn's own), and how their package manager adds a package without running its scripts, which would download. */
const managers = [
  ['pnpm-lock.yaml', 'pnpm add --ignore-scripts'],
  ['.yarnrc.yml', 'yarn add --mode=skip-build'],
  ['yarn.lock', 'yarn add --ignore-scripts'],
  ['bun.lock', 'bun add'],
  ['bun.lockb', 'bun add'],
  ['package-lock.json', 'npm install --ignore-scripts'],
] as const

/** The command that adds a package to the project around `folder`, with the package manager whose lock file it has. */
export function installCommand(folder: string, name: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const found = managers.find(([lockFile]) => existsSync(join(at, lockFile)))
    if (found) return `${found[1]} ${name}`
    if (at === dirname(at)) return `npm install --ignore-scripts ${name}`
  }
}

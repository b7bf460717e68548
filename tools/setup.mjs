// Makes a fresh clone ready, with nothing but Node and npm: installs what the lock file names, then builds.
// Both steps are skipped when nothing changed. Usage: node tools/setup.mjs [turbo task …]   (default: build)

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(fileURLToPath(import.meta.url), '../..')
const stamp = join(root, 'node_modules/.convkit/installed')
const tasks = process.argv.length > 2 ? process.argv.slice(2) : ['build']

requireNode(20, 19)
process.chdir(root)
const packages = ['packages', 'examples', 'apps']
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .filter((folder) => existsSync(`${folder}/package.json`))
if (!isInstalled()) install()
await runTasks()

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number)
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return
  fail(`convkit needs Node ${major}.${minor} or newer, and this is Node ${process.versions.node}.`)
}

/** What an install depends on: the lock file, the manifests, and the platform native files are for. */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  const manifests = packages.map((folder) => `${folder}/package.json`)
  for (const file of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', ...manifests]) {
    hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint() && packages.every(hasDependencies)
}

function hasDependencies(folder) {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  return !(dependencies || peerDependencies) || existsSync(`${folder}/node_modules`)
}

function install() {
  const { packageManager } = JSON.parse(readFileSync('package.json', 'utf8'))
  console.log(`Installing dependencies with ${packageManager} …`)
  const command = `npx --yes ${packageManager} --dir "${root}" install --frozen-lockfile --reporter=append-only`
  const { npm_config_local_prefix: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(command, {
    // from elsewhere: npx would take the pnpm in node_modules, which must not replace itself while it runs
    cwd: tmpdir(),
    shell: true,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: {
      npm_config_fetch_retry_mintimeout: '1000',
      npm_config_fetch_retry_maxtimeout: '5000',
      ...env,
    },
  })
  if (status !== 0) {
    const output = `${stdout}${stderr}`
    const network =
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|FETCH_FAIL/.exec(
        output,
      )
    if (network) {
      fail(
        `The npm registry could not be reached (${network[0]}): check the network or npm's proxy and registry settings, then run this again.`,
      )
    }
    if (output.includes('ERR_PNPM_OUTDATED_LOCKFILE')) {
      fail(
        `pnpm-lock.yaml does not match the package.json files: run "npx ${packageManager} install" and commit the lock file.`,
      )
    }
    console.error(output)
    fail('Installing dependencies failed; the output is above.')
  }
  mkdirSync(join(stamp, '..'), { recursive: true })
  writeFileSync(stamp, fingerprint())
}

/** Runs the tasks in silence: a line when they take a while, their output when one fails. */
async function runTasks() {
  const turbo = [join(root, 'node_modules/turbo/bin/turbo'), 'run', ...tasks]
  const flags = ['--output-logs=errors-only', '--log-prefix=none', '--continue=dependencies-successful']
  const child = spawn(process.execPath, [...turbo, ...flags], {
    env: {
      ...process.env,
      // turbo starts the package scripts with the workspace's own pnpm
      PATH: join(root, 'node_modules/.bin') + delimiter + process.env.PATH,
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
    },
  })
  let output = ''
  child.stdout.on('data', (text) => (output += text))
  child.stderr.on('data', (text) => (output += text))
  const notice = setTimeout(() => console.log(`Running ${tasks.join(', ')} in packages that changed …`), 1500)
  const [status] = await once(child, 'close')
  clearTimeout(notice)
  if (status !== 0) {
    console.error(output)
    process.exit(1)
  }
}

function fail(message) {
  console.error(message)
  process.exit(1)
}

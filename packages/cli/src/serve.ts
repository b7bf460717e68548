import { ConvkitError } from '@convkit/core'
import { createServer, type ServeOptions, startModelProcess } from '@convkit/serve'
import type { ServeCommandOptions } from './commands/serve.js'
import type { ModelProcessArguments } from './model-process.js'
import type { Host } from './shared/host.js'
import { modelFolder } from './shared/model-source.js'
import { type CommandContext, engineOptions } from './shared/options.js'
import { counted } from './shared/text.js'

type Server = Awaited<ReturnType<typeof createServer>>

/** `convkit serve <model>`: ends in order at a signal, at once at a second one. */
export async function serveModel(
  path: string,
  options: ServeCommandOptions,
  { host, report }: CommandContext,
): Promise<void> {
  if (options.batchSize < 1) {
    throw new ConvkitError('E_OPTION', `--batch-size must be at least 1, got ${options.batchSize}`)
  }
  // What is wrong with the path is said before a process is started.
  await modelFolder(path)
  const asked: ModelProcessArguments = {
    path,
    batchSize: options.batchSize,
    plugins: await host.plugins(),
    engine: options.engine,
    ...engineOptions(options),
  }
  const backend = await startModelProcess(new URL('./model-process.js', import.meta.url), [
    JSON.stringify(asked),
  ])
  const { model } = backend
  const server = await createServer(backend, {
    ...limits(options),
    onError: (error) => report.warn(error instanceof Error ? error.message : String(error)),
  }).catch(async (error) => {
    await backend.dispose()
    throw error
  })
  const url = await listen(server, options)
  report.line('Model', `${model.name}, ${counted(model.classes.length, 'class')}, ${model.engine}`)
  report.line('Limits', `${counted(options.batchSize, 'image')} at once, ${options.queue ?? 64} in work`)
  if (!isLoopback(options.host)) report.warn(`Everyone who reaches ${options.host} can use this server`)
  report.result({ url, model: model.name }, `Serving  ${url} (API: ${url}/docs); Ctrl-C ends it`)

  const failure = await Promise.race([backend.failed, stopped(host)])
  if (!failure) report.line('Stopping', 'answering what was accepted')
  await server.close()
  if (failure) throw failure
}

/** Options by the names of the command line as those of the server; what is left out keeps its default. */
function limits({ maxBody, ...options }: ServeCommandOptions): Partial<ServeOptions> {
  const names = ['maxDelay', 'queue', 'maxImages', 'maxMegapixels', 'timeout', 'top'] as const
  const given = names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]))
  return {
    ...Object.fromEntries(given),
    ...(maxBody !== undefined && { maxBodyBytes: Math.round(maxBody * 2 ** 20) }),
  }
}

/**
 * Connections that wait to be taken up: when more come at once, the system drops them, and their clients come again after 1, 3
 * and 7 seconds. Node has 511 unless told otherwise; the system caps it (on Linux by `net.core.somaxconn`).
 */
const backlog = 4096

async function listen(server: Server, { host, port }: ServeCommandOptions): Promise<string> {
  try {
    return await server.listen({ host, port, backlog })
  } catch (cause) {
    await server.close()
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
    const reason = isTaken ? 'something listens there already' : (cause as Error).message
    throw new ConvkitError(
      'E_LISTEN',
      `${host}:${port} cannot be listened on: ${reason}; choose another --port`,
      {
        cause,
      },
    )
  }
}

/** Resolves at the first signal; a second one ends the process at once. */
function stopped(host: Host): Promise<undefined> {
  return new Promise((resolve) => {
    let signals = 0
    host.onSignal(() => {
      if (++signals > 1) host.exit(1)
      resolve(undefined)
    })
  })
}

const isLoopback = (host: string) => /^(localhost|127\.|::1$)/.test(host)

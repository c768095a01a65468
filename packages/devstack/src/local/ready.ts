import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.js'
import { EngineError, messageOf } from '../engine-error.js'
import type { Recipe } from '../recipe.js'
import { untilAnswering } from '../until-answering.js'
import type { ServerProcess } from './server-process.js'

export interface Ready {
  readonly port: number
  readonly version: string | undefined
}

/** Waits until the server listens, is open and has answered a command. */
export async function untilReady(
  recipe: Recipe,
  server: ServerProcess,
  chosen: number,
  context: Context,
): Promise<Ready> {
  const deadline = Date.now() + context.timeout
  const port = await untilListening(recipe, server, chosen, deadline, context)
  const check = async () => {
    if (server.exit !== undefined) throw await endedEarly(recipe, server)
  }
  const reach = { host: '127.0.0.1', port, ownPort: port }
  const { version } = await untilAnswering(recipe, reach, deadline, context.signal, check).catch(
    async (error: unknown) => {
      if (error instanceof EngineError || context.signal.aborted) throw error
      throw await notReady(recipe, server, `it listens, but does not answer: ${messageOf(error)}`, context)
    },
  )
  const logged = recipe.versionInLog === undefined ? undefined : recipe.versionInLog.exec(await server.log())?.[1]
  return { port, version: version ?? logged }
}

async function untilListening(
  recipe: Recipe,
  server: ServerProcess,
  chosen: number,
  deadline: number,
  context: Context,
): Promise<number> {
  for (;;) {
    context.signal.throwIfAborted()
    const found = recipe.listening.exec(await server.log())
    if (found !== null) return found[1] === undefined ? chosen : Number(found[1])
    if (server.exit !== undefined) throw await endedEarly(recipe, server)
    if (Date.now() > deadline) throw await notReady(recipe, server, 'it does not listen', context)
    await sleep(20)
  }
}

async function endedEarly(recipe: Recipe, server: ServerProcess): Promise<EngineError> {
  return new EngineError(
    'NOT_READY',
    `${recipe.name} ended before it was ready (${server.exit}). Its last lines:\n${await server.tail()}`,
    'What it says tells the cause: a missing library, a port, a disk that is full.',
  )
}

async function notReady(recipe: Recipe, server: ServerProcess, what: string, context: Context): Promise<EngineError> {
  return new EngineError(
    'NOT_READY',
    `${recipe.name} was not ready within ${context.timeout} ms: ${what}. Its last lines:\n${await server.tail()}`,
    'Give it more time by the option `timeout`, or look at what it says.',
  )
}

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Context } from '../context.js'
import { EngineError, messageOf } from '../engine-error.js'
import type { Program } from '../recipe.js'

const PACKAGES = ['mongodb-memory-server-core', 'mongodb-memory-server']
const PATIENCE = 300_000

interface MemoryServer {
  readonly MongoBinary: { getPath(): Promise<string> }
}

/**
 * The mongod that mongodb-memory-server downloads, from outside any package registry, and keeps in its own cache. It is
 * used where the application has it installed; its MONGOMS_* settings apply.
 */
export async function mongodFromMemoryServer(context: Context): Promise<Program> {
  const { MongoBinary } = await load()
  context.log('mongod: asking mongodb-memory-server for it; a first download is about 100 MB')
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE)
    context.signal.addEventListener('abort', () => reject(context.signal.reason), { once: true })
  })
  try {
    return { file: await Promise.race([MongoBinary.getPath(), tooLate]) }
  } catch (cause) {
    context.signal.throwIfAborted()
    throw new EngineError(
      'INSTALL_FAILED',
      `mongodb-memory-server could not get mongod: ${messageOf(cause)}`,
      'It downloads from MongoDB itself: allow that, or set MONGOMS_SYSTEM_BINARY, or put mongod on the PATH.',
      { cause },
    )
  } finally {
    clearTimeout(timer)
  }
}

async function load(): Promise<MemoryServer> {
  // From the application's folder: it is the application's dependency, and no business of who only uses Redis.
  const application = createRequire(join(process.cwd(), 'package.json'))
  for (const name of PACKAGES) {
    const file = resolveFrom(application, name)
    if (file === undefined) continue
    const module: unknown = await import(pathToFileURL(file).href)
    if (isMemoryServer(module)) return module
  }
  throw new EngineError(
    'UNAVAILABLE',
    `mongodb-memory-server is not installed in ${process.cwd()}.`,
    'Where MongoDB can be reached, add mongodb-memory-server-core to the dev dependencies.',
  )
}

function resolveFrom(application: NodeJS.Require, name: string): string | undefined {
  try {
    return application.resolve(name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

const isMemoryServer = (module: unknown): module is MemoryServer =>
  typeof module === 'object' && module !== null && 'MongoBinary' in module

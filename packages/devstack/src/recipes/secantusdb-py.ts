import { join } from 'node:path'
import type { Context } from '../context.js'
import { installed } from '../fetch/cache.js'
import { findPython, pipInstall } from '../fetch/python.js'
import { probeMongoDB } from '../probe/mongodb.js'
import { run } from '../process/run.js'
import type { Program, Recipe } from '../recipe.js'
import { mongodbAddress } from './mongodb-address.js'

const VERSION = '0.7.0b3'

/** The same family's Python engine, for a second opinion, and where there is no cargo. Slow. */
export const secantusdbPy: Recipe = {
  name: 'secantusdb-py',
  store: 'mongodb',
  probe: probeMongoDB,
  fetched: { from: `PyPI's SecantusDB ${VERSION}`, obtain },
  arguments: ({ port, data, durable }) => [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--storage-path',
    data,
    ...(durable ? ['--sync-on-commit'] : []),
  ],
  listening: /listening on 127\.0\.0\.1:(\d+)/,
  picksPort: true,
  address: mongodbAddress,
}

async function obtain(context: Context): Promise<Program> {
  const python = await findPython(context)
  // Its dependencies are compiled for one version of Python: after an upgrade another installation is needed.
  const folder = await installed(
    {
      name: `secantusdb-py-${VERSION}-python${python.version}`,
      task: `fetching PyPI's SecantusDB ${VERSION} (70 MB with its dependencies)`,
      proof: join('packages', 'secantus', '__main__.py'),
      async install(staging) {
        const packages = join(staging, 'packages')
        await pipInstall(python, 'SecantusDB', VERSION, packages, context)
        const ask = `import importlib.metadata as m; assert m.version("SecantusDB") == "${VERSION}", m.version("SecantusDB")`
        const env = { ...context.env, PYTHONPATH: packages }
        await run(python.file, ['-c', ask], { env, signal: context.signal })
      },
    },
    context,
  )
  return {
    file: python.file,
    args: ['-m', 'secantus'],
    env: { PYTHONPATH: join(folder, 'packages'), PYTHONUNBUFFERED: '1' },
  }
}

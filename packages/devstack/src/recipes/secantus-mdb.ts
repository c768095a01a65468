import { join } from 'node:path'
import type { Context } from '../context.js'
import { EngineError } from '../engine-error.js'
import { installed } from '../fetch/cache.js'
import { cargoInstall } from '../fetch/cargo.js'
import { probeMongoDB } from '../probe/mongodb.js'
import { run } from '../process/run.js'
import type { Program, Recipe } from '../recipe.js'
import { exactly } from './exactly.js'
import { mongodbAddress } from './mongodb-address.js'

const VERSION = '0.5.3-beta.196'

/** MongoDB's wire protocol and semantics over WiredTiger, in Rust. GPL-2.0: a process of its own, never linked or shipped. */
export const secantusMdb: Recipe = {
  name: 'secantus-mdb',
  store: 'mongodb',
  probe: probeMongoDB,
  path: {
    binary: 'secantusd-rs',
    version: /secantusd-rs (\S+)/,
    refuse: exactly(VERSION),
    remedy: `Run cargo install secantus-mdb --version ${VERSION} --ignore-rust-version.`,
  },
  fetched: { from: `crates.io's secantus-mdb ${VERSION}, compiled here`, obtain },
  arguments: ({ port, data, durable }) => [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--storage-path',
    data,
    // Its default, 4 GB, is more than a machine that also runs the tests should promise.
    '--cache-size',
    '1G',
    ...(durable ? ['--sync-on-commit'] : []),
  ],
  listening: /listening on 127\.0\.0\.1:(\d+)/,
  picksPort: true,
  address: mongodbAddress,
}

async function obtain(context: Context): Promise<Program> {
  const binary = join('bin', process.platform === 'win32' ? 'secantusd-rs.exe' : 'secantusd-rs')
  const folder = await installed(
    {
      name: `secantus-mdb-${VERSION}`,
      task: `compiling crates.io's secantus-mdb ${VERSION} (about seven minutes on two cores, once)`,
      proof: binary,
      async install(staging, build) {
        await cargoInstall('secantus-mdb', VERSION, staging, build, context)
        const said = await run(join(staging, binary), ['--version'], { env: context.env, signal: context.signal })
        if (!said.includes(VERSION)) {
          throw new EngineError('INSTALL_FAILED', `cargo built another version: ${said}`, "Check cargo's registry.")
        }
      },
    },
    context,
  )
  return { file: join(folder, binary) }
}

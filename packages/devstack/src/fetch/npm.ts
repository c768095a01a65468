import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Context } from '../context.js'
import type { Environment } from '../engine.js'
import { EngineError } from '../engine-error.js'
import { run } from '../process/run.js'
import { requireTool } from './require-tool.js'

/** Settings of an npm that runs us (`npm start --json`, `npx -g`) and that would send our install elsewhere. */
const FOREIGN =
  /^npm_config_(global|location|prefix|workspaces?|include_workspace_root|dry_run|json|package_lock_only|omit)$/i

/** Installs one package, without its scripts and its dependencies' effects, into `folder/node_modules`. */
export async function npmInstall(name: string, version: string, folder: string, context: Context): Promise<void> {
  const npm = await requireTool(['npm'], 'Install npm, which comes with Node.', context)
  // Node does not run a .cmd file without a shell; npm itself is JavaScript, beside it.
  const script = join(dirname(npm), 'node_modules', 'npm', 'bin', 'npm-cli.js')
  const [file, first] = process.platform === 'win32' ? [process.execPath, [script]] : [npm, []]
  const args = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--no-update-notifier', '--loglevel=error']
  await run(file, [...first, 'install', `${name}@${version}`, '--prefix', folder, ...args], {
    env: withoutForeign(context.env),
    signal: context.signal,
    cwd: folder,
  })
  const manifest = JSON.parse(await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as unknown
  const got = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined
  if (got === version) return
  throw new EngineError('INSTALL_FAILED', `npm gave ${name} ${String(got)} for ${version}.`, "Check npm's registry.")
}

const withoutForeign = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.test(name)))

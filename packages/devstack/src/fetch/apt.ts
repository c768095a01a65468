import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../context.js'
import { EngineError, messageOf } from '../engine-error.js'
import { type RunOptions, run } from '../process/run.js'
import { requireTool } from './require-tool.js'

/**
 * Unpacks a Debian package, with what it needs and the machine lacks, into `folder`. Nothing is installed: no root is
 * needed, and the package's own scripts, which would start a service, do not run.
 */
export async function aptUnpack(name: string, folder: string, scratch: string, context: Context): Promise<void> {
  const remedy = `Install ${name} by the system's own package manager, so that it is on the PATH.`
  const apt = await requireTool(['apt-get'], remedy, context)
  const dpkg = await requireTool(['dpkg'], remedy, context)
  const downloads = join(scratch, 'packages')
  await rm(downloads, { recursive: true, force: true })
  await mkdir(downloads, { recursive: true })
  const options: RunOptions = { env: { ...context.env, LC_ALL: 'C' }, signal: context.signal, cwd: downloads }

  const download = async (settings: readonly string[]) => {
    const plan = await run(apt, [...settings, '--simulate', '--no-install-recommends', 'install', name], options)
    await run(apt, [...settings, 'download', ...missingPackages(plan, name)], options)
  }
  try {
    await download(SANDBOX)
  } catch (error) {
    // A fresh machine has no package lists, and an old one has lists of packages that are gone: fetch lists of our own.
    context.signal.throwIfAborted()
    const [reason] = messageOf(error).split('\n').slice(-1)
    context.log(`${name}: apt-get's own package lists do not serve (${reason}); fetching lists into a folder of ours`)
    const settings = await privateLists(join(scratch, 'apt'))
    await run(apt, [...settings, 'update'], options)
    await download(settings)
  }
  for (const file of await readdir(downloads)) {
    if (file.endsWith('.deb')) await run(dpkg, ['-x', join(downloads, file), folder], options)
  }
}

/** Root's apt-get hands downloads to a user who may not see our folder, and warns. */
const SANDBOX: readonly string[] = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : []

async function privateLists(folder: string): Promise<string[]> {
  await mkdir(join(folder, 'state', 'lists', 'partial'), { recursive: true })
  await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true })
  const settings = [
    `Dir::State=${join(folder, 'state')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${join(folder, 'cache')}`,
    `Dir::Log=${folder}`,
  ]
  return [...SANDBOX, ...settings.flatMap((setting) => ['-o', setting])]
}

/**
 * The packages that an install would add, of those a program can use where it lies: itself, its tools and libraries. An
 * upgrade (`Inst libc6 [2.36] (2.37 ...`) is none: a second C library beside the machine's own would break the program.
 */
function missingPackages(plan: string, name: string): string[] {
  const family = name.split('-')[0] ?? name
  const added = [...plan.matchAll(/^Inst (\S+) \(/gm)].map(([, added]) => added ?? '')
  const wanted = added.filter((added) => added === name || added.startsWith(`${family}-`) || /^(lib|lua)/.test(added))
  if (wanted.includes(name)) return wanted
  throw new EngineError(
    'INSTALL_FAILED',
    `apt-get would not install ${name}:\n${plan}`,
    'Is it installed, or held back?',
  )
}

/** Where the libraries of what was unpacked are, for `LD_LIBRARY_PATH`. */
export async function libraryFolders(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const base of [join(folder, 'usr', 'lib'), join(folder, 'lib')]) {
    if (!existsSync(base)) continue
    const triplets = (await readdir(base)).filter((entry) => /-linux-/.test(entry))
    found.push(...triplets.map((triplet) => join(base, triplet)))
  }
  return found
}

import { join } from 'node:path'
import type { Context } from '../context.js'
import { run } from '../process/run.js'
import { requireTool } from './require-tool.js'

const TELL_EVERY = 5_000

/**
 * Compiles a crate's program into `folder/bin`. `build` keeps what is compiled, so that an interrupted build goes on
 * where it was.
 */
export async function cargoInstall(
  crate: string,
  version: string,
  folder: string,
  build: string,
  context: Context,
): Promise<void> {
  const remedy = 'Install Rust with its cargo (rustup.rs), and a C compiler.'
  const cargo = await requireTool(['cargo'], remedy, context)
  const began = Date.now()
  let told = 0
  const onLine = (line: string) => {
    // Cargo's progress bar, as in ` Building [==>   ] 12/345: serde, syn...`.
    const [, done, all] = /Building \[.*?\] (\d+)\/(\d+)/.exec(line) ?? []
    if (done === undefined || Date.now() - told < TELL_EVERY) return
    told = Date.now()
    context.log(`${crate} ${version}: compiled ${done} of ${all} units, ${elapsed(began)}`)
  }
  const args = ['--version', version, '--ignore-rust-version', '--root', folder, '--target-dir', join(build, 'target')]
  await run(cargo, ['install', crate, ...args], {
    env: { ...context.env, CARGO_TERM_PROGRESS_WHEN: 'always', CARGO_TERM_PROGRESS_WIDTH: '80' },
    signal: context.signal,
    onLine,
  })
}

function elapsed(since: number): string {
  const seconds = Math.round((Date.now() - since) / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

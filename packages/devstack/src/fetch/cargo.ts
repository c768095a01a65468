import { join } from 'node:path'
import type { Context } from '../context.js'
import { run } from '../process/run.js'
import { requireTool } from './require-tool.js'

const TELL_EVERY = 10_000

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
  let progress = 'fetching its dependencies'
  const onLine = (line: string) => {
    // Cargo's progress bar, as in ` Building [==>   ] 12/345: serde, syn...`.
    const [, done, all] = /Building \[.*?\] (\d+)\/(\d+)/.exec(line) ?? []
    if (done !== undefined) progress = `compiled ${done} of ${all} units`
  }
  // By the clock and not by the line: Cargo is silent while it compiles one large unit for minutes.
  const tell = setInterval(() => context.log(`${crate} ${version}: ${progress}, ${elapsed(began)}`), TELL_EVERY)
  const args = ['--version', version, '--ignore-rust-version', '--root', folder, '--target-dir', join(build, 'target')]
  try {
    await run(cargo, ['install', crate, ...args], {
      env: { ...context.env, CARGO_TERM_PROGRESS_WHEN: 'always', CARGO_TERM_PROGRESS_WIDTH: '80' },
      signal: context.signal,
      onLine,
    })
  } finally {
    clearInterval(tell)
  }
}

function elapsed(since: number): string {
  const seconds = Math.round((Date.now() - since) / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

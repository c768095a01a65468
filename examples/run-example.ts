import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs an example as a program of its own, as a reader does, and gives what it prints. */
export async function runExample(
  file: string,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const source = ['--conditions=isomodel-source', '--import', './scripts/source/register.mjs']
  const { stdout } = await promisify(execFile)(process.execPath, [...source, `examples/${file}`, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  })
  return stdout
}

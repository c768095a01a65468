import { join } from 'node:path'
import type { Context } from '../context.js'
import { EngineError, messageOf } from '../engine-error.js'
import { findOnPath } from '../process/find-on-path.js'
import { run } from '../process/run.js'

const OLDEST = 17

const REMEDY = `Install a Java development kit, ${OLDEST} or later (Debian: apt-get install openjdk-17-jdk-headless).`

/** The machine's Java, from `JAVA_HOME` or the PATH. @throws {EngineError} `UNAVAILABLE` without one */
export async function findJava({ env }: Context): Promise<string> {
  const home = env.JAVA_HOME
  const own = home ? await findOnPath('java', { ...env, PATH: join(home, 'bin') }) : undefined
  const java = own ?? (await findOnPath('java', env))
  if (java !== undefined) return java
  throw new EngineError('UNAVAILABLE', 'There is no java on the PATH.', REMEDY)
}

async function requireVersion(java: string, context: Context): Promise<void> {
  let output = ''
  const onLine = (line: string) => {
    output += `${line}\n`
  }
  await run(java, ['-version'], { env: context.env, signal: context.signal, onLine }).catch((cause: unknown) => {
    context.signal.throwIfAborted()
    throw new EngineError('UNAVAILABLE', `${java} cannot be used: ${messageOf(cause)}`, REMEDY, { cause })
  })
  if (Number(/version "(\d+)/.exec(output)?.[1]) >= OLDEST) return
  throw new EngineError('UNAVAILABLE', `${java} is too old: ${output.split('\n')[0]}`, REMEDY)
}

/**
 * Compiles one source file into `folder`, after a check that this Java is recent enough. The compiler is a module of every development kit, and of no mere runtime.
 */
export async function compileJava(
  java: string,
  source: string,
  classPath: string,
  folder: string,
  context: Context,
): Promise<void> {
  await requireVersion(java, context)
  const args = ['--release', String(OLDEST), '-cp', classPath, '-d', folder, source]
  await run(java, ['-m', 'jdk.compiler/com.sun.tools.javac.Main', ...args], {
    env: context.env,
    signal: context.signal,
  }).catch((cause: unknown) => {
    context.signal.throwIfAborted()
    throw new EngineError(
      'UNAVAILABLE',
      `${java} could not compile DynamoDB Local's launcher: ${messageOf(cause)}`,
      `Install a Java development kit, ${OLDEST} or later; a runtime (JRE) alone has no compiler.`,
      { cause },
    )
  })
}

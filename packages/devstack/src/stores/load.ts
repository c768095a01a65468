import { EngineError } from '../engine-error.js'

/**
 * The packages of one store, which only those who test on it have installed.
 *
 * @throws {EngineError} `UNAVAILABLE` when one is missing, with the command that installs it
 */
export async function load<T>(packages: readonly string[], imports: () => Promise<T>): Promise<T> {
  try {
    return await imports()
  } catch (cause) {
    const missing = packages.find((name) => isMissing(cause, name))
    if (missing === undefined) throw cause
    throw new EngineError(
      'UNAVAILABLE',
      `The package ${missing} is not installed, and tests on this store need it.`,
      `Run: npm install --save-dev ${packages.join(' ')}`,
      { cause },
    )
  }
}

const isMissing = (error: unknown, name: string): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') &&
  error.message.includes(`'${name}'`)

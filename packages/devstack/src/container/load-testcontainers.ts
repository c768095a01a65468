import { EngineError, messageOf } from '../engine-error.js'

const REMEDY = 'Run npm install --save-dev testcontainers, so that Docker is used; the other ways need nothing of it.'

type Testcontainers = typeof import('testcontainers')

/**
 * Only once Docker has answered: it takes most of a second to load, and an application that uses no containers need not have it.
 *
 * @throws {EngineError} `UNAVAILABLE` when it is not installed, or cannot be loaded
 */
export async function loadTestcontainers(
  load: () => Promise<Testcontainers> = () => import('testcontainers'),
): Promise<Testcontainers> {
  try {
    return await load()
  } catch (cause) {
    throw new EngineError('UNAVAILABLE', `Docker answers, but ${reasonOf(cause)}.`, REMEDY, { cause })
  }
}

function reasonOf(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException
  const missing = (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && named.test(messageOf(cause))
  return missing ? 'testcontainers is not installed' : `testcontainers does not load: ${messageOf(cause)}`
}

const named = /'testcontainers'/

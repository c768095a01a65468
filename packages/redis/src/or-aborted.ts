import { aborted } from './errors.js'

/** The work, or the error of a signal that fires before it ends. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, writes: boolean): Promise<T> {
  if (signal === undefined) return work
  let onAbort: (() => void) | undefined
  const fired = new Promise<never>((_, reject) => {
    onAbort = () => reject(aborted(signal, true, writes))
    signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([work, fired])
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort)
  }
}

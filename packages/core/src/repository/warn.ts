/** Says what is no error of a call: by `process.emitWarning`, or where there is no process, on the console. */
export function warn(message: string): void {
  if (typeof process === 'object' && typeof process.emitWarning === 'function') {
    process.emitWarning(message, 'IsomodelWarning')
  }
  // biome-ignore lint/suspicious/noConsole: edge runtimes have no process; there the console is the place for warnings.
  else console.warn(message)
}

/** Tells a listener of the caller's. One that throws must not turn what was done into what failed. */
export function tell<T>(name: string, listener: ((event: T) => void) | undefined, event: T): void {
  try {
    listener?.(event)
  } catch (error) {
    warn(`${name} threw: ${error instanceof Error ? error.message : String(error)}. The call goes on without it.`)
  }
}

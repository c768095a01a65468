import type { Call, ReadCall } from '@isomodel/core/driver'

/** A call that notes the commands it sends. */
export function noting(commands: string[] = []): ReadCall {
  return {
    signal: undefined,
    consistency: 'strong',
    sent({ command }) {
      commands.push(command)
      return () => undefined
    },
  }
}

export const quiet: Call & ReadCall = noting()

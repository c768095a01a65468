import { StoreError, type WriteOp } from '@isomodel/core/driver'
import type { ScriptCall } from './request.js'

/**
 * Bytes of one write. Redis takes strings of 512 MB (proto-max-bulk-len), and so does Node, in which ioredis puts a command
 * together as one; this leaves room for what goes around the values.
 */
const MOST_BYTES = 500_000_000

/** Refuses a write that the server would not take, naming its largest field. */
export function refuseOversize({ args }: ScriptCall, op?: WriteOp, most: number = MOST_BYTES): void {
  let size = 0
  for (const arg of args) size += arg.length
  if (size <= most) return
  const largest = args.reduce((found, arg, at) => (arg.length > (args[found] as string).length ? at : found), 0)
  const name = op?.kind === 'put' ? ` (most of it the field ${JSON.stringify(args[largest - 1])})` : ''
  throw oversize(`The write is ${size.toLocaleString('en')} bytes long${name},`, most)
}

/** Puts a write together; what does not even fit into a string is refused as well. */
export function within(make: () => ScriptCall): ScriptCall {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError) throw oversize('The write is')
    throw error
  }
}

/** Something is too long for the server. */
export function oversize(what: string, most: number = MOST_BYTES): StoreError {
  return new StoreError(
    `${what} beyond the ${most.toLocaleString('en')} bytes that Redis takes at once. Split the entity into several, or keep large values elsewhere.`,
    { code: 'LIMIT_EXCEEDED', store: 'Redis' },
  )
}

import { StoreError, type WriteOp } from '@isomodel/core/driver'
import type { ScriptCall } from './connection.js'

/** The longest string that Redis takes (proto-max-bulk-len), bytes. A write travels whole, so it is held to it as well. */
const MOST_BYTES = 512 * 1024 * 1024

/** Refuses a write that the server would not take, naming its largest field. */
export function refuseOversize(op: WriteOp, { args }: ScriptCall, most: number = MOST_BYTES): void {
  let size = 0
  for (const arg of args) size += arg.length
  if (size <= most) return
  const largest = args.reduce((found, arg, at) => (arg.length > (args[found] as string).length ? at : found), 0)
  const name = op.kind === 'put' ? ` (most of it the field ${JSON.stringify(args[largest - 1])})` : ''
  throw oversize(`The write is ${size.toLocaleString('en')} bytes long${name},`, most)
}

/** Something is too long for the server. */
export function oversize(what: string, most: number = MOST_BYTES): StoreError {
  return new StoreError(
    `${what} beyond the ${most.toLocaleString('en')} bytes that Redis takes at once. Split the entity into several, or keep large values elsewhere`,
    { code: 'LIMIT_EXCEEDED', store: 'Redis' },
  )
}

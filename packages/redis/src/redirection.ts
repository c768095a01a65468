import { StoreError } from '@isomodel/core/driver'
import { replyCode } from './errors.js'

/** What to do with a request that a node of a cluster did not execute. */
export type Redirection =
  /** The slot has another master. */
  | { readonly kind: 'moved'; readonly slot: number; readonly address: string }
  /** Its keys are on their way to another node, which takes this one request. */
  | { readonly kind: 'ask'; readonly address: string }
  /** Nobody takes it now. */
  | { readonly kind: 'wait' }

/** First words of refusals that pass. The node judges them before it executes anything, also of a script. */
const PASSING: ReadonlySet<string | undefined> = new Set([
  'TRYAGAIN',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'READONLY',
])

/**
 * Whether an answer says that nothing was written, so that the request may be sent again, and where to; undefined for any
 * other answer. A write whose connection broke after it left may have been executed, and is none of these.
 */
export function redirection(answer: unknown, from: string): Redirection | undefined {
  if (answer instanceof StoreError) {
    // A node that cannot be reached may have been replaced by another.
    return answer.code === 'UNAVAILABLE' && answer.outcome === 'not committed' ? { kind: 'wait' } : undefined
  }
  const code = replyCode(answer)
  if (code !== 'MOVED' && code !== 'ASK') return PASSING.has(code) ? { kind: 'wait' } : undefined
  const [, slot = '', there = ''] = (answer as Error).message.split(' ')
  const address = addressIn(there, from)
  return code === 'ASK' ? { kind: 'ask', address } : { kind: 'moved', slot: Number(slot), address }
}

/** A node that does not know its own name leaves it out: it means the host that it was asked at. */
export function addressIn(text: string, from: string): string {
  const colon = text.lastIndexOf(':')
  return colon > 0 ? text : `${from.slice(0, from.lastIndexOf(':'))}${text.slice(colon)}`
}

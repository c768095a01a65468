import { afterCommit } from '../driver/after-commit.js'
import type { Stored } from '../driver/contract.js'
import { StoreError } from '../errors/store-error.js'
import { reportOf } from './call.js'
import { calling } from './calling.js'
import type { Session } from './session.js'
import { requireTransactions, transact, transactGet } from './transaction.js'
import { type Asked, TransactionItems } from './transaction-items.js'
import type { Transact, TransactOptions } from './transaction-types.js'
import type { CallOptions, Entities } from './types.js'

/** `db.transact` and `db.transactGet` of one connection. */
export function transacting<Es extends Entities>(session: Session, entities: Es): Record<keyof Transact<Es>, unknown> {
  const items = new TransactionItems(entities)
  const present = (asked: readonly Asked[], stored: readonly (Stored | undefined)[]): unknown[] =>
    asked.map(({ entity }, at) => {
      const found = stored[at]
      return found === undefined ? undefined : session.presenter(entity).present(found)
    })
  return {
    transact: (write: (t: object) => unknown, options?: TransactOptions) =>
      session.run(undefined, 'transact', options, undefined, async (call) => {
        requireTransactions(session)
        const asked = items.read(itemsOf(write, items.writes, 'transact'), 'transact')
        reportOf(call)?.items(asked.length)
        const left = await transact(session, asked, checkedToken(options?.token), call)
        return afterCommit(() => present(asked, left))
      }),
    transactGet: (read: (t: object) => unknown, options?: CallOptions) =>
      session.run(undefined, 'transactGet', options, undefined, async (call) => {
        requireTransactions(session)
        const asked = items.read(itemsOf(read, items.reads, 'transactGet'), 'transactGet')
        reportOf(call)?.items(asked.length)
        return present(asked, await transactGet(session, asked, call))
      }),
  }
}

function itemsOf(build: unknown, items: object, operation: string): unknown {
  if (typeof build === 'function') return calling(operation, () => build(items))
  throw invalid(`${operation} takes a callback that returns the items, as in db.${operation}((t) => [...]).`)
}

function checkedToken(token: unknown): string | undefined {
  if (token === undefined) return undefined
  if (typeof token === 'string' && token.length >= 1 && token.length <= 100 && token.isWellFormed()) return token
  throw invalid('token is a string of 1 to 100 characters that names this transaction, a new one for each.')
}

function invalid(message: string): StoreError {
  return new StoreError(message, { code: 'VALIDATION' })
}

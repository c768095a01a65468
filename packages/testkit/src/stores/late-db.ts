import type { Capability, Db, Entities } from '@isomodel/core'

const OWN: { readonly [name in keyof Db<Record<never, never>>]: true } = {
  setup: true,
  fillIndexes: true,
  check: true,
  close: true,
  transact: true,
  transactGet: true,
  collection: true,
  changes: true,
  capabilities: true,
  limits: true,
  supports: true,
  [Symbol.asyncDispose]: true,
}

/** A db that is there before its connection: each of its names leads to the connection of the moment. */
export function lateDb<Es extends Entities, C extends Capability>(
  entities: Es,
  current: () => Db<Es, unknown, C>,
): Db<Es, unknown, C> {
  const late = {}
  for (const name of [...Object.keys(entities), ...Reflect.ownKeys(OWN)]) {
    Object.defineProperty(late, name, { enumerable: true, get: () => Reflect.get(current(), name) })
  }
  return Object.freeze(late) as Db<Es, unknown, C>
}

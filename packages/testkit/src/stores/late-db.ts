import type { Db, Entities } from '@isomodel/core'

const OWN: readonly (string | symbol)[] = ['setup', 'check', 'close', Symbol.asyncDispose]

/** A db that is there before its connection: each of its names leads to the connection of the moment. */
export function lateDb<Es extends Entities>(entities: Es, current: () => Db<Es>): Db<Es> {
  const late = {}
  for (const name of [...Object.keys(entities), ...OWN]) {
    Object.defineProperty(late, name, { enumerable: true, get: () => Reflect.get(current(), name) })
  }
  return Object.freeze(late) as Db<Es>
}

import type { AnyEntity } from '@isomodel/core'
import {
  type Call,
  type Driver,
  type EntityModel,
  newToken,
  type ReadCall,
  type Stored,
  type Values,
  type WriteOp,
} from '@isomodel/core/driver'
import { type RedisAdapter, type RedisAdapterOptions, redis } from '../../src/index.js'

export interface Opened extends AsyncDisposable {
  readonly adapter: RedisAdapter
  readonly driver: Driver
}

/** A driver for some entities, its namespace set up; disposing of it closes it. */
export async function open(
  options: RedisAdapterOptions,
  entities: readonly AnyEntity[],
  now: () => number = Date.now,
): Promise<Opened> {
  const adapter = redis(options)
  const driver = await adapter.open({ entities: entities.map((entity) => entity.model) }, { now })
  await driver.setup(call())
  return { adapter, driver, [Symbol.asyncDispose]: () => driver.close() }
}

/** A call that counts its round trips. */
export function call(signal?: AbortSignal): ReadCall & { readonly sentCommands: string[] } {
  const sentCommands: string[] = []
  const sent: Call['sent'] = ({ command }) => {
    sentCommands.push(command)
    return () => undefined
  }
  return { signal, consistency: 'strong', sent, sentCommands }
}

type Some<T extends WriteOp> = Partial<T> & Pick<T, 'key'>

const UNGUARDED = { exists: 'any' } as const

export function put(entity: EntityModel, values: Values, more: Partial<WriteOp & { kind: 'put' }> = {}): WriteOp {
  const key = Object.fromEntries([...entity.key.partition, ...entity.key.sort].map(({ name }) => [name, values[name]!]))
  return {
    kind: 'put',
    entity,
    key,
    values,
    guard: UNGUARDED,
    token: newToken(),
    now: Date.now(),
    returning: 'none',
    ...more,
  }
}

export function update(entity: EntityModel, more: Some<WriteOp & { kind: 'update' }>): WriteOp {
  return {
    kind: 'update',
    entity,
    changes: [],
    guard: { exists: 'present' },
    token: newToken(),
    now: Date.now(),
    returning: 'none',
    ...more,
  }
}

export function remove(entity: EntityModel, more: Some<WriteOp & { kind: 'delete' }>): WriteOp {
  return { kind: 'delete', entity, guard: UNGUARDED, token: newToken(), now: Date.now(), returning: 'none', ...more }
}

export async function read(driver: Driver, entity: EntityModel, key: Values): Promise<Stored | undefined> {
  const [stored] = await driver.get([{ entity, key }], call())
  return stored as Stored | undefined
}

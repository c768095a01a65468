import type { Driver, Values } from '@isomodel/core/driver'
import type { Fault } from './fault.js'

/** A driver that puts an entity where another key leads. */
function misplaced(change: (key: Values) => Values): Fault['wrong'] {
  const moved = <T extends { readonly key: Values }>(all: readonly T[]): T[] =>
    all.map((one) => ({ ...one, key: change(one.key) }))
  return ({ transactions, ...driver }): Partial<Driver> => ({
    get: (requests, call) => driver.get(moved(requests), call),
    write: (op, call) => driver.write({ ...op, key: change(op.key) }, call),
    writeBatch: (ops, call) => driver.writeBatch(moved(ops), call),
    plan: (query) => driver.plan(query.index === undefined ? { ...query, partition: change(query.partition) } : query),
    transactions:
      'missing' in transactions
        ? transactions
        : {
            ...transactions,
            read: (requests, call) => transactions.read(moved(requests), call),
            commit: (swaps, call) => transactions.commit(moved(swaps), call),
          },
  })
}

const folded = (key: Values): Values =>
  Object.fromEntries(
    Object.entries(key).map(([name, value]) => [name, typeof value === 'string' ? value.toLowerCase() : value]),
  )

/** The key as one text with separators between its fields would have it: what is in a field may be a separator, too. */
function separated(key: Values): Values {
  const texts = Object.entries(key).filter(([, value]) => typeof value === 'string')
  const parts = texts
    .map(([, value]) => value)
    .join('#')
    .split('#')
  const own = texts.map(([name], at) => [name, at < texts.length - 1 ? parts[at] : parts.slice(at).join('#')])
  return { ...key, ...Object.fromEntries(own) }
}

export const keyFaults: readonly Fault[] = [
  {
    name: 'keys whose case is folded',
    wrong: misplaced(folded),
    caughtBy: [
      'P3 keys never meet: a key of one field holds any string',
      'P3 keys never meet: sort fields full of separators are keys of their own',
    ],
  },
  {
    name: 'keys that meet at a separator',
    wrong: misplaced(separated),
    caughtBy: [
      'P3 keys never meet: partition fields full of separators are partitions of their own',
      'P3 keys never meet: sort fields full of separators are keys of their own',
    ],
  },
]

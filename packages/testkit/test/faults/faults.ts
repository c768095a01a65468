import type {
  Condition,
  Driver,
  Fetched,
  Row,
  Stored,
  StoredChange,
  Swap,
  Value,
  Values,
  WriteOp,
} from '@isomodel/core/driver'
import { evaluate, judge, mapCondition } from '@isomodel/core/driver'
import { memory } from '@isomodel/memory'
import type { Fault } from './fault.js'
import { keyFaults } from './key-faults.js'
import { lostParts } from './lost-parts.js'

const withValues = (stored: Stored, change: (value: Value) => Value): Stored => ({
  ...stored,
  values: Object.fromEntries(Object.entries(stored.values).map(([name, value]) => [name, change(value)])),
})

/** All rows of a plan, by the driver itself. */
async function allRows(driver: Driver, ...[plan, request, call]: Parameters<Driver['fetch']>): Promise<Row[]> {
  const rows: Row[] = []
  for (let after: string | undefined; ; ) {
    const fetched: Fetched = await driver.fetch(
      plan,
      { limit: 1_000, now: request.now, ...(after === undefined ? {} : { after }) },
      call,
    )
    rows.push(...fetched.rows)
    if (fetched.next === undefined) return rows
    after = fetched.next
  }
}

/** Rows given in an order of one's own, page by page, by their number. */
function numbered(rows: readonly Row[], after: string | undefined, limit: number): Fetched {
  const from = after === undefined ? 0 : Number(after)
  const page = rows
    .slice(from, from + limit)
    .map(({ stored }, at) => ({ stored, position: () => String(from + at + 1) }))
  return from + limit < rows.length ? { rows: page, next: String(from + limit) } : { rows: page }
}

const compareUtf16 = (left: Value | undefined, right: Value | undefined): number => {
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0
  return 0
}

export const faults: readonly Fault[] = [
  ...keyFaults,
  ...lostParts,
  {
    name: 'a lost condition',
    wrong: (driver) => ({
      write: (op, call) => {
        const { condition: _, ...guard } = op.guard
        return driver.write({ ...op, guard }, call)
      },
    }),
    caughtBy: [
      'P4 guards: a guard that does not hold is CONDITION_FAILED, and nothing is written',
      'P8 conditions: as a guard let through exactly what they hold of',
    ],
  },
  {
    name: 'a condition judged before the write, not with it',
    wrong: (driver) => ({
      write: async (op, call) => {
        const [found] = await driver.get([{ entity: op.entity, key: op.key }], { ...call, consistency: 'strong' })
        const judged = judge(op, found === 'throttled' ? undefined : found)
        if (judged.status === 'refused') return judged
        await new Promise((resolve) => setImmediate(resolve))
        return driver.write(
          { ...op, guard: { exists: op.kind === 'update' && op.orCreate === undefined ? 'present' : 'any' } },
          call,
        )
      },
    }),
    unseen: 'it shows only where calls meet, and a history makes one after the other',
    caughtBy: [
      'P4 create, put, upsert and delete: of twenty creates at once of one key, one wins',
      'P5 revisions: of ten writers with one revision, one wins',
    ],
  },
  {
    name: 'a lost update',
    wrong: (driver) => ({
      write: async (op, call) => {
        if (op.kind !== 'update') return driver.write(op, call)
        const [found] = await driver.get([{ entity: op.entity, key: op.key }], { ...call, consistency: 'strong' })
        const judged = judge(op, found === 'throttled' ? undefined : found)
        if (judged.status === 'refused' || judged.next === undefined) return driver.write(op, call)
        await new Promise((resolve) => setImmediate(resolve))
        const { changes: _, orCreate: __, ...rest } = op
        const put: WriteOp = { ...rest, kind: 'put', guard: { exists: 'any' }, values: judged.next }
        return driver.write(put, call)
      },
    }),
    unseen: 'it shows only where calls meet, and a history makes one after the other',
    caughtBy: [
      'P4 concurrent updates: fifty additions to an int lose none',
      'P4 concurrent updates: fifty appends and fifty set members lose none',
    ],
  },
  {
    name: 'a write that is sent twice',
    wrong: (driver) => ({
      write: async (op, call) => {
        const outcome = await driver.write(op, call)
        return op.kind === 'update' && outcome.status === 'done' ? driver.write(op, call) : outcome
      },
    }),
    caughtBy: [
      'P4 add: adds to what is there, and from 0 to an absent optional field',
      'P20 round trips: get, put, create, delete, a guarded update and a counter take one',
    ],
  },
  {
    name: 'a truncated page',
    wrong: (driver) => ({
      fetch: async (plan, request, call) => {
        const fetched = await driver.fetch(plan, request, call)
        return fetched.next === undefined ? fetched : { ...fetched, rows: fetched.rows.slice(0, -1) }
      },
    }),
    caughtBy: [
      "P9 limits and pages: results larger than a store's page come whole",
      'P9 a large partition: of ten thousand entities is walked in order, each once',
    ],
  },
  {
    name: 'a page that ends the results',
    wrong: (driver) => ({
      fetch: async (plan, request, call) => {
        const { rows } = await driver.fetch(plan, request, call)
        return { rows }
      },
    }),
    unseen: 'a page of this driver has a thousand rows, and a history few entities',
    caughtBy: ['P9 a large partition: of ten thousand entities is walked in order, each once'],
  },
  {
    name: 'a limit before the filter',
    wrong: (driver) => ({
      plan: (query) => {
        const plan = driver.plan({ ...query, where: undefined })
        return { ...plan, query, pushed: query.where, residual: undefined }
      },
      fetch: async (plan, request, call) => {
        const { where } = plan.query
        const fetched = await driver.fetch(
          { ...plan, query: { ...plan.query, where: undefined }, pushed: undefined },
          request,
          call,
        )
        return {
          rows:
            where === undefined ? fetched.rows : fetched.rows.filter(({ stored }) => evaluate(where, stored.values)),
        }
      },
    }),
    caughtBy: ['P9 limits and pages: limit(n) means n results, however many rows a filter passes over'],
  },
  {
    name: 'a stale index',
    wrong: (driver, model) => {
      // An index of its own, which hears of whole writes only.
      const shadow = memory().open(model, { now: Date.now })
      return {
        write: async (op, call) => {
          const outcome = await driver.write(op, call)
          if (outcome.status === 'done' && op.kind !== 'update')
            await (await shadow).write({ ...op, guard: { exists: 'any' } }, call)
          if (
            outcome.status === 'done' &&
            op.kind === 'update' &&
            outcome.new === undefined &&
            op.orCreate !== undefined
          ) {
            await (await shadow).write({ ...op, guard: { exists: 'any' } }, call)
          }
          return outcome
        },
        writeBatch: async (ops, call) => {
          await (await shadow).writeBatch(ops, call)
          return driver.writeBatch(ops, call)
        },
        fetch: async (plan, request, call) =>
          plan.access === 'index' ? (await shadow).fetch(plan, request, call) : driver.fetch(plan, request, call),
      }
    },
    caughtBy: [
      'P7 indexes: follow an update of each of their fields',
      'P4 concurrent updates: an index follows concurrent updates of its field',
    ],
  },
  {
    name: 'an ignored expiry',
    wrong: (driver) => ({ write: (op, call) => driver.write({ ...op, now: 0 }, call) }),
    caughtBy: [
      'P13 expiry: what has expired is absent to every guard and write',
      'P13 expiry: create over what has expired starts afresh',
    ],
  },
  {
    name: 'an order of UTF-16 units',
    wrong: (driver) => ({
      fetch: async (plan, request, call) => {
        const rows = await allRows(driver, plan, request, call)
        const { index, entity, reverse } = plan.query
        const names = [...(index ?? entity.key).sort, ...(index?.ties ?? [])].map(({ name }) => name)
        const sorted = rows.toSorted(({ stored: left }, { stored: right }) => {
          const differences = names.map((name) => compareUtf16(left.values[name], right.values[name]))
          return (differences.find((difference) => difference !== 0) ?? 0) * (reverse ? -1 : 1)
        })
        return numbered(sorted, request.after, request.limit)
      },
    }),
    caughtBy: ['P2 order of keys: strings by code point', 'P2 order of indexes: strings by code point'],
  },
  {
    name: 'positions that count rows',
    wrong: (driver) => ({
      fetch: async (plan, request, call) =>
        numbered(await allRows(driver, plan, request, call), request.after, request.limit),
    }),
    caughtBy: [
      'P9 limits and pages: pages under inserts and deletes neither repeat nor skip what was there throughout',
    ],
  },
  {
    name: 'null taken for absence',
    wrong: (driver) => {
      const loose = (condition: Condition): Condition =>
        mapCondition(condition, (leaf) =>
          leaf.op === 'eq' && leaf.value === null
            ? { op: 'or', conditions: [leaf, { op: 'notExists', path: leaf.path }] }
            : leaf,
        )
      return {
        plan: (query) => driver.plan(query.where === undefined ? query : { ...query, where: loose(query.where) }),
        write: (op, call) =>
          driver.write(
            op.guard.condition === undefined
              ? op
              : { ...op, guard: { ...op.guard, condition: loose(op.guard.condition) } },
            call,
          ),
      }
    },
    caughtBy: [
      'P8 conditions: as a filter find exactly what they hold of, and their negation all others',
      'P8 conditions: as a guard let through exactly what they hold of',
    ],
  },
  {
    name: 'bigints that go through doubles',
    wrong: (driver) => {
      const rounded = (value: Value): Value =>
        typeof value === 'bigint' ? BigInt.asIntN(64, BigInt(Number(value))) : value
      return {
        get: async (requests, call) =>
          (await driver.get(requests, call)).map((found) =>
            found === undefined || found === 'throttled' ? found : withValues(found, rounded),
          ),
      }
    },
    caughtBy: ['P1 scalars: bigints come back equal over the whole of int64'],
  },
  {
    name: 'empty sets that are dropped',
    wrong: (driver) => {
      const kept = (values: Values): Values =>
        Object.fromEntries(Object.entries(values).filter(([, value]) => !(value instanceof Set && value.size === 0)))
      return {
        get: async (requests, call) =>
          (await driver.get(requests, call)).map((found) =>
            found === undefined || found === 'throttled' ? found : { ...found, values: kept(found.values) },
          ),
      }
    },
    caughtBy: [
      'P1 containers: sets come back equal, empty ones and those in containers too',
      'P4 sets: deleteFromSet drops members, and leaves an empty set or absence',
    ],
  },
  {
    name: 'a token that comes back',
    wrong: (driver) => {
      const first = new Map<string, string>()
      return {
        write: (op, call) => {
          const name = JSON.stringify(op.key, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
          const token = first.get(name) ?? op.token
          first.set(name, token)
          return driver.write({ ...op, token }, call)
        },
      }
    },
    caughtBy: [
      'P5 revisions: every write gives a new revision, and every read the last one',
      'P5 revisions: a revision is never that of the same key before a delete',
    ],
  },
  {
    name: 'absence told as a failed condition',
    wrong: (driver) => ({
      write: async (op, call) => {
        const outcome = await driver.write(op, call)
        const told = outcome.status === 'refused' && outcome.reason === 'NOT_FOUND' && op.guard.condition !== undefined
        return told ? { ...outcome, reason: 'CONDITION_FAILED' } : outcome
      },
    }),
    caughtBy: ['P4 guards: a guard on what is absent is NOT_FOUND, never CONDITION_FAILED'],
  },
  {
    name: 'gets that come in the order of the store',
    wrong: (driver) => ({
      get: async (requests, call) => {
        const text = ({ key }: { readonly key: Values }): string => Object.values(key).join('\n')
        const found = await driver.get(
          requests.toSorted((left, right) => (text(left) < text(right) ? -1 : 1)),
          call,
        )
        return found
      },
    }),
    caughtBy: [
      'P11 batches: of thousands are sent in few round trips and answered in the order asked',
      'P11 batches: getMany keeps order and repetitions, and says undefined where there is none',
    ],
  },
  {
    name: 'a request that is not reported',
    wrong: (driver) => ({ write: (op, call) => driver.write(op, { ...call, sent: () => () => undefined }) }),
    unseen: 'it is in the round trips, and not in the answers',
    caughtBy: [
      'P16 errors: round trips are observed, one event each',
      'P20 round trips: get, put, create, delete, a guarded update and a counter take one',
    ],
  },
  {
    name: 'a scan that begins a page where the one before ended',
    wrong: ({ scans }) => ({
      scans: {
        ...scans,
        async fetch(plan, request, call) {
          const scanned = await scans.fetch(plan, request, call)
          const repeated = scanned.rows.at(-2)
          return scanned.next === undefined || repeated === undefined
            ? scanned
            : { ...scanned, next: repeated.position() }
        },
      },
    }),
    caughtBy: ['P10 scans: keeps to its budget, and goes on from a cursor'],
  },
  {
    name: 'a scan that loses the first row behind a page',
    wrong: ({ scans }) => ({
      scans: {
        ...scans,
        async fetch(plan, request, call) {
          const scanned = await scans.fetch(plan, request, call)
          return request.after === undefined ? scanned : { ...scanned, rows: scanned.rows.slice(1) }
        },
      },
    }),
    caughtBy: [
      'P10 scans: gives every entity of a kind once, and no other',
      'P10 scans: gives what is there throughout once, while others come and go',
    ],
  },
  {
    name: 'a scan that reads more than it may',
    wrong: ({ scans }) => ({
      scans: { ...scans, fetch: (plan, request, call) => scans.fetch(plan, { ...request, reads: 1_000 }, call) },
    }),
    unseen: 'it is in what the call costs, and not in the answer',
    caughtBy: ['P10 scans: keeps to its budget, and goes on from a cursor'],
  },
  {
    name: 'a change feed that leaves out what was deleted',
    wrong: ({ changes }) => ({
      changes: overFeed(changes, (all) => all.filter(({ images }) => images().new !== undefined)),
    }),
    unseen: 'a history does not follow the feed',
    caughtBy: ['P15 kinds of changes: each write is a change, with the entity before and after'],
  },
  {
    name: 'a change feed that is not in order',
    wrong: ({ changes }) => ({ changes: overFeed(changes, (all) => all.toReversed()) }),
    unseen: 'a history does not follow the feed',
    caughtBy: ['P15 kinds of changes: the changes of a key are in their order, whoever makes them'],
  },
  {
    name: 'a change feed that goes on behind one change more than it gave',
    wrong: ({ changes }) => ({ changes: overFeed(changes, (all) => all.slice(0, Math.max(1, all.length - 1))) }),
    unseen: 'a history does not follow the feed',
    caughtBy: [
      'P15 kinds of changes: each write is a change, with the entity before and after',
      'P15 resuming: nothing is lost where a feed is opened anew for each batch',
    ],
  },
  {
    name: 'a collection that ends with its first page',
    wrong: ({ collections }) => ({
      collections: {
        ...collections,
        fetch: async (plan, request, call) => ({ rows: (await collections.fetch(plan, request, call)).rows }),
      },
    }),
    unseen: 'a request asks for more rows than a history has entities in a partition',
    caughtBy: ['P14 collections: a large collection is walked as a whole'],
  },
  {
    name: 'a collection that takes one kind for another',
    wrong: ({ collections }) => ({
      collections: {
        ...collections,
        async fetch(plan, request, call) {
          const fetched = await collections.fetch(plan, request, call)
          return { ...fetched, rows: fetched.rows.map((row) => ({ ...row, member: 0 })) }
        },
      },
    }),
    caughtBy: [
      'P14 collections: the kinds that were asked for come together, each in its order, and no others',
      'P14 collections: a walk goes kind after kind, and in reverse from its end to its beginning',
    ],
  },
  {
    name: 'a commit that takes a key whoever has it',
    wrong: ({ transactions }) => ({
      transactions: overCommit(transactions, (swap) =>
        swap.expected === 'absent' && swap.next !== 'keep' ? { ...swap, expected: 'any' } : swap,
      ),
    }),
    caughtBy: [
      'P6 unique constraints: a value that is taken is refused, whatever writes it, and nothing is written',
      'P6 unique constraints: of many at once exactly one has it',
    ],
  },
  {
    name: 'a commit that leaves out what it removes',
    wrong: ({ transactions }) => ({
      transactions: overCommit(transactions, (swap) => (swap.next === 'delete' ? { ...swap, next: 'keep' } : swap)),
    }),
    caughtBy: ['P6 unique constraints: a value follows its entity: through updates, replacement and deletion'],
  },
]

/** A feed that gives something else than it read. */
function overFeed(
  changes: Driver['changes'],
  wrong: (read: readonly StoredChange[]) => readonly StoredChange[],
): Driver['changes'] {
  if ('missing' in changes) return changes
  return {
    async open(entities, after, call) {
      const reader = await changes.open(entities, after, call)
      return {
        get position() {
          return reader.position
        },
        read: async (request, reading) => wrong(await reader.read(request, reading)),
        close: () => reader.close(),
      }
    },
  }
}

/** Transactions whose commits do something else than they are asked. */
function overCommit(transactions: Driver['transactions'], wrong: (swap: Swap) => Swap): Driver['transactions'] {
  if ('missing' in transactions) return transactions
  return { ...transactions, commit: (swaps, call) => transactions.commit(swaps.map(wrong), call) }
}

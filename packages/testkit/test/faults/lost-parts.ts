import { memory } from '@isomodel/memory'
import type { Fault } from './fault.js'

/** Drivers that do what they are asked but for one part of it. */
export const lostParts: readonly Fault[] = [
  {
    name: 'a revision that an update leaves',
    wrong: (driver) => ({
      write: async (op, call) => {
        if (op.kind !== 'update') return driver.write(op, call)
        const [found] = await driver.get([{ entity: op.entity, key: op.key }], { ...call, consistency: 'strong' })
        return driver.write(found === undefined || found === 'throttled' ? op : { ...op, token: found.token }, call)
      },
    }),
    caughtBy: [
      'P5 revisions: every write gives a new revision, and every read the last one',
      'P5 revisions: of ten writers with one revision, one wins',
    ],
  },
  {
    name: 'a batch that leaves out the indexes',
    wrong: (driver, model) => {
      const indexes = memory().open(model, { now: Date.now })
      return {
        write: async (op, call) => {
          const outcome = await driver.write(op, call)
          const [stored] = await driver.get([op], { ...call, consistency: 'strong' })
          const { entity, key, now } = op
          const guard = { exists: 'any' } as const
          const after =
            stored === undefined || stored === 'throttled'
              ? ({ kind: 'delete', entity, key, guard, token: op.token, now, returning: 'none' } as const)
              : ({ kind: 'put', entity, key, guard, ...stored, now, returning: 'none' } as const)
          await (await indexes).write(after, call)
          return outcome
        },
        fetch: async (plan, request, call) =>
          plan.access === 'index' ? (await indexes).fetch(plan, request, call) : driver.fetch(plan, request, call),
      }
    },
    caughtBy: ['P7 indexes: follow create, putMany and delete'],
  },
  {
    name: 'a transaction whose token is forgotten',
    wrong: ({ transactions }) => ({
      transactions:
        'missing' in transactions
          ? transactions
          : {
              ...transactions,
              commit: (swaps, call) =>
                transactions.commit(
                  swaps.filter(({ entity }) => entity.name !== 'isomodel_transaction'),
                  call,
                ),
            },
    }),
    caughtBy: ['P12 tokens: of many at once under one token, one is done'],
  },
]

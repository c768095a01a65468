import type { Adapter } from '@isomodel/core'

const stores: {
  readonly [name: string]: () => Promise<{ readonly store: Adapter<'transact:store' | 'changes:exact'> }>
} = {
  memory: () => import('./memory.js'),
  dynamodb: () => import('./dynamodb.js'),
  mongodb: () => import('./mongodb.js'),
  redis: () => import('./redis.js'),
}

const name = process.argv[2] ?? 'memory'
const open = stores[name]
if (open === undefined) throw new Error(`no store ${name}: name one of ${Object.keys(stores).join(', ')}`)

/** The store that the command line names; the one in process when it names none. */
export const { store } = await open()

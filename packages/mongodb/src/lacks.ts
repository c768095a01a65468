import type { Greeting } from './greet.js'
import type { MongodbService, Settings } from './options.js'

/** What the driver has none of, and what would have it, in words; undefined where it has it. */
export interface Lacks {
  readonly transactions: string | undefined
  readonly changes: string | undefined
}

/** What a server was found to be. */
export interface Found extends Greeting {
  readonly service: MongodbService
  /** Its hosts in words. */
  readonly hosts: string
}

const GIVEN_UP = 'the options of mongodb() give them up (transactions, changes, service), and a replica set has them'

/** What is lacking: what the options gave up, and what the server has not. */
export function lacking({ transactions, changes }: Pick<Settings, 'transactions' | 'changes'>, found: Found): Lacks {
  const { standalone, hosts } = found
  const alone = standalone
    ? `${hosts} is a standalone server, and they need a replica set. Make it one, of a single member if you like: mongod --replSet rs0, then rs.initiate(); or do without: mongodb({ transactions: false, changes: false })`
    : undefined
  return {
    transactions: transactions ? alone : GIVEN_UP,
    changes: changes ? (alone ?? withoutImages(found)) : GIVEN_UP,
  }
}

function withoutImages({ keepsImages, service, hosts }: Found): string | undefined {
  if (service === 'documentdb') {
    return `${hosts} is Amazon DocumentDB, which does not keep what a write found; say mongodb({ service: 'documentdb' }), which claims no feed`
  }
  if (keepsImages) return undefined
  return `${hosts} does not keep what a write found, and MongoDB 6.0 or later does; or do without: mongodb({ changes: false })`
}

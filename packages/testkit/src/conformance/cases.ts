import type { Case } from './case.js'
import { values } from './p01-values/index.js'
import { order } from './p02-order/index.js'
import { keys } from './p03-keys/index.js'
import { writes } from './p04-writes/index.js'
import { revisions } from './p05-revisions/index.js'
import { uniques } from './p06-uniques/index.js'
import { indexes } from './p07-indexes/index.js'
import { queries } from './p08-queries/index.js'
import { paging } from './p09-paging/index.js'
import { scans } from './p10-scans/index.js'
import { batches } from './p11-batches/index.js'
import { transactions } from './p12-transactions/index.js'
import { expiry } from './p13-expiry/index.js'
import { collections } from './p14-collections/index.js'
import { changes } from './p15-changes/index.js'
import { errors } from './p16-errors/index.js'
import { cancellation } from './p17-cancellation/index.js'
import { consistency } from './p18-consistency/index.js'
import { injection } from './p19-injection/index.js'
import { insight } from './p20-insight/index.js'

/** Every case of the suite, rule by rule; each can be run by itself, in any order. */
export const cases: readonly Case[] = Object.freeze([
  ...values,
  ...order,
  ...keys,
  ...writes,
  ...revisions,
  ...uniques,
  ...indexes,
  ...queries,
  ...paging,
  ...scans,
  ...batches,
  ...transactions,
  ...expiry,
  ...collections,
  ...changes,
  ...errors,
  ...cancellation,
  ...consistency,
  ...injection,
  ...insight,
])

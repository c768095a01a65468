import type { Change } from '@isomodel/core'
import * as fc from 'fast-check'
import type { Fields } from '../reference/kind.js'
import { changesOf, conditionsOn } from './places.js'
import type { StepAccess } from './step.js'
import type { Place, Subject } from './subject.js'
import { floats, mostly, partial, record } from './values.js'

// Within the years 1 to 9999: secantusdb-py reads dates through Python's, which end there. P1 and P2 have those beyond.
const moments = mostly([new Date(0)], [new Date(-1), new Date(1e12), new Date(-62_135_596_800_000)])
const numbers = mostly([0n, -1n], [2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)])
const raws = mostly([Uint8Array.of(1), Uint8Array.of(1, 0)], [Uint8Array.of(), Uint8Array.of(200)])
const key = { at: moments, flag: mostly([true], [false]), big: numbers, bytes: raws }
const entities = partial({ ...key, score: floats }, Object.keys(key))

const places: readonly Place[] = [
  { path: ['big'], values: numbers, ordered: true, fixed: true },
  { path: ['bytes'], values: raws, ordered: true, fixed: true },
  { path: ['score'], values: floats, ordered: true, optional: true, sums: floats },
]
const conditions = conditionsOn(places)

const partition = record<Fields>({ at: key.at, flag: key.flag } as never)
const scores = record<Fields>({ flag: key.flag } as never)
const kind = fc.constant('GenEvent')
const accesses: fc.Arbitrary<StepAccess> = fc.oneof(
  record({ kind, partition }),
  record({ kind, partition, where: conditions }),
  record({ kind, index: fc.constant('byScore'), partition: scores }),
  record({ kind, index: fc.constant('byScore'), partition: scores, where: conditions }),
)

export const event: Subject = {
  kind: 'GenEvent',
  keys: record<Fields>(key as never),
  entities,
  batched: entities,
  conditions,
  changes: changesOf(places),
  accesses,
  names: ['bytes', 'score'],
  revision: false,
  wrong: fc.constantFrom(
    { field: 'bytes', value: 'a', path: ['bytes'] },
    { field: 'at', value: 0, path: ['at'] },
    { field: 'score', value: Number.NEGATIVE_INFINITY, path: ['score'] },
  ),
  wrongChanges: fc.constantFrom<Change>(
    { op: 'set', path: ['big'], value: 1n },
    { op: 'add', path: ['score'], value: Number.POSITIVE_INFINITY },
  ),
}

import { expect, it } from 'vitest'
import { asCode } from '../../src/generated/as-code.js'
import { literal } from '../../src/generated/literal.js'
import { After } from '../../src/generated/moments.js'

it('tells a history as the body of a case, with what the reference gives', () => {
  const key = { group: 'a', id: '' }
  const code = asCode([
    { do: 'write', write: { do: 'create', kind: 'GenNote', entity: { ...key, until: new After(5) } }, return: 'none' },
    { do: 'wait', milliseconds: 5 },
    {
      do: 'write',
      write: {
        do: 'update',
        kind: 'GenNote',
        key,
        changes: [{ op: 'add', path: ['int'], value: 1 }],
        guard: { revision: 'last' },
        orCreate: false,
      },
      return: 'new',
    },
    {
      do: 'read',
      read: { accesses: [{ kind: 'GenNote', index: 'byKind', partition: { kind: 'x' } }], reverse: true, limit: 2 },
      take: 'count',
    },
  ])
  expect(code).toBe(`async (t, db) => {
  const start = t.clock.now()
  // step 1 gives undefined
  await db.GenNote.create({ group: 'a', id: '', until: new Date(start + 5) }, { return: 'none' })
  // step 2
  t.clock.advance(5)
  // step 3
  await refused(db.GenNote.update({ group: 'a', id: '' }, () => [{ op: 'add', path: ['int'], value: 1 }], { ifRevision: (await db.GenNote.get({ group: 'a', id: '' }))?.revision ?? 'none', return: 'new' }), 'NOT_FOUND')
  // step 4 gives 0
  await db.GenNote.query('byKind', { kind: 'x' }).reverse().limit(2).count()
}`)
})

it.each([
  [1n, '1n'],
  ["it's\uffff", "'it\\'s\\uffff'"],
  ['"\ud800', "'\"\\ud800'"],
  [new Date(-1), 'new Date(-1)'],
  [Uint8Array.of(1, 2), 'Uint8Array.of(1, 2)'],
  [new Set(['a']), "new Set(['a'])"],
  [{ 'q.r': [null, undefined, Number.NaN] }, "{ 'q.r': [null, undefined, NaN] }"],
])('writes %o as %s', (value, code) => {
  expect(literal(value)).toBe(code)
})

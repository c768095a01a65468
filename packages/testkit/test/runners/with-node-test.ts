import assert from 'node:assert/strict'
import * as test from 'node:test'
import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { conformance } from '../../src/conformance/index.js'
import { eachStore } from '../../src/index.js'
import { memoryHarness } from '../memory-harness.js'
import { memoryStore } from '../memory-store.js'

const Note = defineEntity({
  name: 'Note',
  schema: z.object({ id: z.string(), text: z.string() }),
  key: { partition: ['id'] },
})

conformance(memoryHarness(), test, { only: ({ topic }) => topic === 'revisions' })

for (const clean of ['test', 'store'] as const) {
  eachStore(
    [memoryStore(`one, clean for each ${clean}`), memoryStore('another')],
    { Note },
    (db) => {
      test.it('starts', async () => {
        assert.deepEqual(await db.Note.create({ id: '1', text: 'x' }), { id: '1', text: 'x' })
      })
      test.it('goes on', async () => {
        assert.equal((await db.Note.get({ id: '1' }))?.text, clean === 'store' ? 'x' : undefined)
      })
    },
    test,
    { clean },
  )
}

import { connect } from '@isomodel/core'
import { expect, it } from 'vitest'
import { mongodb } from '../src/index.js'
import { onEachEngine } from './support/engines.js'
import { Thing } from './support/thing.js'

/** Where an engine is wrong about MongoDB: its case must fail, so that a healed fault is noticed, and pass on the other. */
onEachEngine((running, name) => {
  const itOn = (...faulty: readonly string[]): typeof it | typeof it.fails => (faulty.includes(name) ? it.fails : it)

  itOn('secantusdb-py')('holds every moment of a JavaScript Date', async () => {
    await using db = await connect(mongodb({ client: running().client, database: running().database() }), { Thing })
    await db.setup()
    const thing = { owner: 'o', rank: 1, total: 0, lines: [], at: new Date(8.64e15) }
    await db.Thing.create(thing)
    expect(await db.Thing.get({ owner: 'o', rank: 1 })).toEqual(thing)
  })

  itOn('secantus-mdb', 'secantusdb-py')('gives each old entity to one only', async () => {
    await using db = await connect(mongodb({ client: running().client, database: running().database() }), { Thing })
    await db.setup()
    for (let rank = 0; rank < 10; rank++) {
      const key = { owner: 'o', rank }
      await db.Thing.create({ ...key, total: 0, lines: [] })
      const old = await Promise.all(
        Array.from({ length: 40 }, () => db.Thing.update(key, (o, { add }) => [add(o.total, 1)], { return: 'old' })),
      )
      expect(new Set(old.map((each) => each?.total)).size).toBe(40)
    }
  })
})

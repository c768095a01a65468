import { connect } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { redis } from '../src/index.js'
import { Counter } from './support/counter.js'
import { eachServer } from './support/server.js'

eachServer((server) => {
  describe('a quorum on one server without replicas', () => {
    const options = () => server.options({ durability: { replicas: 1, timeout: 50 } })

    it('confirms no write, be it one, a batch or a transaction', async () => {
      const { namespace } = options()
      const plain = await connect(redis(server.options({ namespace })), { Counter })
      await plain.setup()
      await using db = await connect(redis({ ...options(), namespace }), { Counter })
      const unknown = { outcome: 'unknown', code: 'UNAVAILABLE' }
      await expect(db.Counter.put({ name: 'a', count: 1 })).rejects.toMatchObject(unknown)
      await expect(db.transact((x) => [x.Counter.put({ name: 'b', count: 1 })])).rejects.toMatchObject(unknown)
      await expect(db.Counter.putMany([{ name: 'c', count: 1 }])).rejects.toThrow(/only 0 of 1 replicas confirmed it/)
      // They are there all the same.
      expect(await plain.Counter.getMany(['a', 'b', 'c'].map((name) => ({ name })))).toHaveLength(3)
      await plain.close()
    })

    it('has nothing to confirm where a write is refused', async () => {
      const { namespace } = options()
      await using plain = await connect(redis(server.options({ namespace })), { Counter })
      await plain.setup()
      await plain.Counter.put({ name: 'a', count: 1 })
      await using db = await connect(redis({ ...options(), namespace }), { Counter })
      await expect(db.Counter.create({ name: 'a', count: 2 })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    })
  })
})

import { connect, defineEntity } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type StoreName, stores } from '../src/stores/index.js'

const Note = defineEntity({
  name: 'Note',
  schema: z.object({ id: z.string(), text: z.string() }),
  key: { partition: ['id'] },
})

const names = ['memory', 'dynamodb', 'mongodb', 'redis', 'valkey'] as const

describe('stores', () => {
  it.each(names)('opens a clean namespace of %s each time, and removes it', async (name) => {
    const [store] = stores(name)
    if (store === undefined) throw new Error('no store')
    expect(store.name).toBe(name)
    const one = await store.open()
    const other = await store.open()
    {
      await using db = await connect(one.adapter, { Note })
      await using clean = await connect(other.adapter, { Note })
      await db.setup()
      await clean.setup()
      await db.Note.create({ id: 'n-1', text: 'kept' })
      expect(await db.Note.get({ id: 'n-1' })).toEqual({ id: 'n-1', text: 'kept' })
      expect(await clean.Note.get({ id: 'n-1' })).toBeUndefined()
      await other.close()
    }
    await one.close()
  })

  it('closes a namespace that was never set up', async () => {
    for (const store of stores(...names)) await (await store.open()).close()
  })

  it('refuses no name, an unknown one and one twice, and says which there are', () => {
    const untyped = stores as (...names: string[]) => unknown
    expect(() => untyped()).toThrow(/no name\.\n.*memory, dynamodb, mongodb, redis, valkey/)
    expect(() => untyped('redis', 'postgres')).toThrow(/no store "postgres"\.\n.*memory, dynamodb/)
    expect(() => untyped('toString')).toThrow(/no store "toString"/)
    expect(() => stores('redis', 'redis')).toThrow(/names "redis" twice/)
    // @ts-expect-error it is no store
    expect(() => stores('postgres')).toThrow()
    // @ts-expect-error no test would run
    expect(() => stores()).toThrow()
    const name: StoreName = 'memory'
    expect(stores(name)).toHaveLength(1)
  })
})

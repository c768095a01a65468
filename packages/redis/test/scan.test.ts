import { defineEntity } from '@isomodel/core'
import { placeText } from '@isomodel/core/driver'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { call, open, put } from './support/drive.js'
import { eachServer } from './support/server.js'

const schema = z.object({ group: z.string(), id: z.string() })
const key = { partition: ['group'], sort: ['id'], partitionName: 'Shared' } as const
const One = defineEntity({ name: 'One', schema, key })
const Two = defineEntity({ name: 'Two', schema, key })
const scan = { entity: One.model, where: undefined, select: undefined, segments: 1 }

eachServer((server) => {
  it('a scan goes on behind any place in the partitions of its entity, and behind no other', async () => {
    await using opened = await open(server.options(), [One, Two])
    const { driver } = opened
    for (const { model } of [One, Two]) {
      for (const id of ['a', 'b']) await driver.write(put(model, { group: 'g', id }), call())
    }
    const fetchBehind = (partition: string, sort: string) =>
      driver.scans.fetch(
        driver.scans.plan(scan),
        { segment: 0, reads: 10, now: Date.now(), after: placeText({ partition, sort }) },
        call(),
      )
    const idsBehind = async (sort: string): Promise<unknown[]> =>
      (await fetchBehind('Shared#g', sort)).rows.map(({ stored }) => stored.values.id)
    expect(await idsBehind('None#z')).toEqual(['a', 'b'])
    expect(await idsBehind('One#a')).toEqual(['b'])
    expect(await idsBehind('Two#a')).toEqual([])
    for (const partition of ['Other#g', 'Shared', 'Shared2#g', 'isomodel_model#One']) {
      await expect(fetchBehind(partition, 'One#a')).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
    }
  })
})

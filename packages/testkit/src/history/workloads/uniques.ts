import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type UniqueInput, type UniqueOutput, uniqueValues } from '../models/unique-values.js'
import { type Workload, workload } from './workload.js'

/** A user with an e-mail address that no other of the group has. */
export const User = defineEntity({
  name: 'HistoryUser',
  schema: z.object({ group: z.string(), id: z.string(), email: z.string().nullable() }),
  key: { partition: ['group'], sort: ['id'] },
  uniques: { byEmail: ['group', 'email'] },
})

/** More users than addresses: they take, change and free them. */
export const uniques: Workload = workload({
  rule: 'P6',
  topic: 'histories of unique values',
  requires: ['transact:store'],
  entities: { User },
  model: uniqueValues,

  client: (db, group) => ({
    draw(random): UniqueInput {
      const id = random.of(['1', '2', '3', '4', '5'])
      const value = random.of(['x', 'y', null])
      const kind = random.of(['get', 'get', 'create', 'create', 'put', 'update', 'update', 'delete'])
      return kind === 'get' || kind === 'delete' ? { do: kind, id } : { do: kind, id, value }
    },

    async call(input, options): Promise<UniqueOutput> {
      const key = { group, id: input.id }
      if (input.do === 'get') {
        const found = await db.User.get(key, options)
        return found === undefined ? null : { value: found.email }
      }
      if (input.do === 'delete') {
        await db.User.delete(key, options)
        return null
      }
      const user = { ...key, email: input.value }
      if (input.do === 'update') return { value: (await db.User.update(key, { email: input.value }, options)).email }
      return { value: (await db.User[input.do](user, options)).email }
    },
  }),
})

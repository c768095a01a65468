import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type RegisterInput, type RegisterOutput, type RegisterState, register } from '../models/register.js'
import { type Workload, workload } from './workload.js'

const Register = defineEntity({
  name: 'HistoryRegister',
  schema: z.object({ group: z.string(), key: z.string(), value: z.int() }),
  key: { partition: ['group'], sort: ['key'] },
  revision: true,
})

const entities = { Register }

/** Every kind of write of a few entities, mostly guarded by a revision or a value that the process saw some time ago. */
export const registers: Workload = workload<typeof entities, RegisterState, RegisterInput<number>, RegisterOutput>({
  rule: 'P5',
  topic: 'histories of guarded writes',
  entities,
  model: register,

  client(db, group, process) {
    const seen = new Map<string, { readonly value: number; readonly revision: string }>()
    let writes = 0
    const told = (
      key: string,
      entity: { readonly value: number; readonly revision: string } | undefined,
    ): RegisterOutput => {
      if (entity === undefined) {
        seen.delete(key)
        return null
      }
      const { value, revision } = entity
      seen.set(key, { value, revision })
      return { value, revision }
    }
    return {
      draw(random): RegisterInput<number> {
        const key = random.of(['a', 'b', 'c'])
        const last = seen.get(key)
        const guard = random.of(['revision', 'value', 'nothing'])
        const ifRevision = last === undefined || guard !== 'revision' ? {} : { ifRevision: last.revision }
        // No other write has it, in any process.
        const value = process + 100 * ++writes
        const kind = random.of(['get', 'get', 'create', 'put', 'update', 'update', 'update', 'delete'])
        if (kind === 'get') return { do: 'get', key }
        if (kind === 'delete') return { do: 'delete', key, ...ifRevision }
        if (kind !== 'update') return { do: kind, key, value }
        return last === undefined || guard !== 'value'
          ? { do: 'update', key, value, ...ifRevision }
          : { do: 'update', key, value, ifValue: last.value }
      },

      async call(input, options): Promise<RegisterOutput> {
        const id = { group, key: input.key }
        if (input.do === 'get') return told(input.key, await db.Register.get(id, options))
        if (input.do === 'create' || input.do === 'put') {
          return told(input.key, await db.Register[input.do]({ ...id, value: input.value }, options))
        }
        const ifRevision = input.ifRevision === undefined ? {} : { ifRevision: input.ifRevision }
        if (input.do === 'delete') {
          await db.Register.delete(id, { ...options, ...ifRevision })
          return told(input.key, undefined)
        }
        const { value, ifValue } = input
        const guards = { ...options, ...ifRevision }
        if (ifValue === undefined) return told(input.key, await db.Register.update(id, { value }, guards))
        const updated = db.Register.update(id, { value }, { ...guards, if: (r, { eq }) => eq(r.value, ifValue) })
        return told(input.key, await updated)
      },
    }
  },
})

import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'
import { roundTrip } from './round-trip.js'

interface Node {
  name: string
  child?: Node | undefined
  children?: Node[] | undefined
  named?: { [name: string]: Node } | undefined
}

const Node: z.ZodType<Node, Node> = z.object({
  name: z.string(),
  child: z.lazy(() => Node).optional(),
  children: z.array(z.lazy(() => Node)).optional(),
  named: z
    .record(
      z.string(),
      z.lazy(() => Node),
    )
    .optional(),
})

type Nest = (string | Nest)[]
const Nest: z.ZodType<Nest, Nest> = z.array(z.union([z.string(), z.lazy(() => Nest)]))

const Deep = defineEntity({
  name: 'P1Deep',
  schema: z.object({ group: z.string(), id: z.int(), node: Node.optional(), nest: Nest.optional() }),
  key: { partition: ['group'], sort: ['id'] },
})

/** `levels` objects, one in the other. */
function chain(levels: number): Node {
  let node: Node = { name: `${levels}` }
  for (let level = levels - 1; level > 0; level -= 1) node = { name: `${level}`, child: node }
  return node
}

/** `levels` lists, one in the other, around a string. */
function nest(levels: number): Nest {
  let inner: Nest = ['x']
  for (let level = 1; level < levels; level += 1) inner = [inner]
  return inner
}

export const nesting: readonly Case[] = cases(
  'P1',
  'nesting',
  { Deep },
  {
    'thirty levels of objects come back equal': async (t, db) => {
      // The entity is the first level, so that a chain of 29 makes 30.
      await roundTrip(db.Deep, [{ group: t.id, id: 1, node: chain(29) }])
    },

    'thirty levels of lists, and of lists, records and objects in turn, come back equal': async (t, db) => {
      let mixed: Node = { name: 'leaf' }
      for (let level = 0; level < 14; level += 1)
        mixed = level % 2 === 0 ? { name: '', children: [mixed] } : { name: '', named: { a: mixed } }
      await roundTrip(db.Deep, [
        { group: t.id, id: 1, nest: nest(29) },
        { group: t.id, id: 2, node: mixed },
      ])
    },

    'more levels than the store can hold are refused before they are sent': async (t, db) => {
      const { depth } = t.limits
      if (depth === undefined) {
        await roundTrip(db.Deep, [{ group: t.id, id: 1, node: chain(60), nest: nest(60) }])
        return
      }
      await roundTrip(db.Deep, [{ group: t.id, id: 2, node: chain(depth) }])
      const { requests } = await t.trips(async () => {
        const error = await refused(db.Deep.create({ group: t.id, id: 1, node: chain(depth + 1) }), 'LIMIT_EXCEEDED', {
          says: [String(depth)],
        })
        same(error.path?.[0], 'node', 'the field of the error')
        await refused(db.Deep.update({ group: t.id, id: 1 }, { nest: nest(depth + 1) }), 'LIMIT_EXCEEDED')
      })
      same(requests.length, 0, 'the round trips')
    },

    'a thousand levels are refused clearly': async (t, db) => {
      const { requests } = await t.trips(async () => {
        await refused(db.Deep.create({ group: t.id, id: 1, node: chain(1_000) }), ['VALIDATION', 'LIMIT_EXCEEDED'])
        await refused(db.Deep.create({ group: t.id, id: 1, nest: nest(1_000) }), ['VALIDATION', 'LIMIT_EXCEEDED'])
      })
      same(requests.length, 0, 'the round trips')
    },

    'an object that holds itself is refused': async (t, db) => {
      const node: Node = { name: 'loop' }
      node.child = node
      const { requests } = await t.trips(() => refused(db.Deep.create({ group: t.id, id: 1, node }), 'VALIDATION'))
      same(requests.length, 0, 'the round trips')
    },

    'a deep path can be set, compared and removed': async (t, db) => {
      const key = { group: t.id, id: 1 }
      await db.Deep.create({
        ...key,
        node: { name: '1', children: [{ name: '2', named: { a: { name: '3', child: { name: '4' } } } }] },
      })
      const changed = await db.Deep.update(
        key,
        (o, { set, at }) => set(at(at(o.node.children, 0).named, 'a').child.name, 'four'),
        { if: (o, { eq, at }) => eq(at(at(o.node.children, 0).named, 'a').child.name, '4') },
      )
      same(changed.node?.children?.[0]?.named?.a?.child, { name: 'four' }, 'the deepest object')
      const removed = await db.Deep.update(key, (o, { remove, at }) =>
        remove(at(at(o.node.children, 0).named, 'a').child),
      )
      holds(removed.node?.children?.[0]?.named?.a?.child === undefined, 'the deepest object is still there')
      same(
        await db.Deep.query({ group: t.id })
          .where((o, { notExists, at }) => notExists(at(at(o.node.children, 0).named, 'a').child))
          .count(),
        1,
      )
    },
  },
)

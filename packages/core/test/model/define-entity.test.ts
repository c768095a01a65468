import { defineEntity, ModelError } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const schema = z.object({
  id: z.string(),
  n: z.number(),
  list: z.array(z.string()),
  maybe: z.string().optional(),
  expires: z.date().nullable(),
})

/** Untyped code: what the compiler would refuse must throw. */
const define = defineEntity as unknown as (definition: object) => unknown
const key = { partition: ['id'] }

describe('defineEntity refuses, naming the field and the remedy', () => {
  const cases: [string, object, RegExp][] = [
    ['a name that cannot head keys', { name: 'a#b', schema, key }, /"a#b" cannot head keys; use a letter/],
    ['an empty name', { name: '', schema, key }, /cannot head keys/],
    ['no key', { name: 'E', schema }, /key needs partition fields/],
    ['an empty partition', { name: 'E', schema, key: { partition: [] } }, /key needs partition fields/],
    [
      'a misspelt option',
      { name: 'E', schema, key, indices: {} },
      /no option "indices"; there are name, schema, key, indexes/,
    ],
    [
      'a misspelt option of the key, which would make a partition one entity',
      { name: 'E', schema, key: { partition: ['id'], srot: ['n'] } },
      /key has no option "srot"; there are partition, sort, partitionName/,
    ],
    [
      'a misspelt option of an index',
      { name: 'E', schema, key, indexes: { by: { partition: ['n'], type: 'local' } } },
      /indexes\.by has no option "type".*scope, number/,
    ],
    ['names that are none', { name: 'E', schema, key, names: { n: '' } }, /names: n is "" in the store; give 1 to 255/],
    ['a name of no field', { name: 'E', schema, key, names: { m: 'x' } }, /names/],
    [
      'a name that another field has',
      { name: 'E', schema, key, names: { n: 'list' } },
      /n and list are both called "list"/,
    ],
    [
      'two fields of one name',
      { name: 'E', schema, key, names: { n: 'x', list: 'x' } },
      /both called "x" in the store/,
    ],
    [
      'names of a schema that keeps fields it does not name',
      { name: 'E', schema: z.looseObject({ id: z.string() }), key, names: { id: 'i' } },
      /names needs a schema that names all its fields/,
    ],
    [
      'a misspelt timestamp',
      { name: 'E', schema, key, timestamps: { creatd: 'at' } },
      /timestamps has no option "creatd"; there are created, updated/,
    ],
    [
      'a scope that there is not',
      { name: 'E', schema, key, indexes: { by: { partition: ['n'], scope: 'locl' } } },
      /scope is 'global' or 'local', not "locl"/,
    ],
    ['a revision without a name', { name: 'E', schema, key, revision: '' }, /revision is true, or the name/],
    ['a revision called __proto__', { name: 'E', schema, key, revision: '__proto__' }, /revision is true, or the name/],
    ['a revision that is no name', { name: 'E', schema, key, revision: 5 }, /revision is true, or the name/],
    [
      'an index number that there is not',
      { name: 'E', schema, key, indexes: { by: { partition: ['n'], number: 21 } } },
      /number is a whole number from 1 to 20, not 21/,
    ],
    [
      'two indexes of one number',
      {
        name: 'E',
        schema,
        key,
        indexes: { a: { partition: ['n'], number: 2 }, b: { partition: ['n'], sort: ['id'], number: 2 } },
      },
      /indexes a and b are both global ones of number 2.*number: 3/,
    ],
    [
      'an unknown key field',
      { name: 'E', schema, key: { partition: ['nope'] } },
      /key names "nope".*fields are id, n, list/,
    ],
    ['a list as key', { name: 'E', schema, key: { partition: ['list'] } }, /list is of kind array, which has no order/],
    [
      'an optional key field',
      { name: 'E', schema, key: { partition: ['maybe'] } },
      /maybe may be absent or null.*Make it required/,
    ],
    ['a field twice', { name: 'E', schema, key: { partition: ['id'], sort: ['id'] } }, /key names id twice/],
    [
      'an unknown index field',
      { name: 'E', schema, key, indexes: { by: { partition: ['nope'] } } },
      /indexes\.by names "nope"/,
    ],
    [
      'two indexes alike',
      { name: 'E', schema, key, indexes: { a: { partition: ['n'] }, b: { partition: ['n'] } } },
      /indexes a and b are alike.*Keep one/,
    ],
    [
      'an index like the key',
      { name: 'E', schema, key, indexes: { again: { partition: ['id'] } } },
      /index again is the key itself.*query by the key/,
    ],
    ...['*', '_id_', 'a\u0000', '', '$where'].map((name): [string, object, RegExp] => [
      `an index named ${JSON.stringify(name)}`,
      { name: 'E', schema, key, indexes: { [name]: { partition: ['n'] } } },
      /is none for an index; use a letter, then up to 99 letters, digits and _/,
    ]),
    [
      'indexes that are a list',
      { name: 'E', schema, key, indexes: [{ partition: ['n'] }] },
      /named access paths.*a list/,
    ],
    [
      'a sort that is no list',
      { name: 'E', schema, key: { partition: ['id'], sort: 'n' } },
      /key\.sort is a list.*"n"/,
    ],
    ['sensitive fields that are no list', { name: 'E', schema, key, sensitive: 'n' }, /sensitive is a list.*"n"/],
    ['timestamps that are no object', { name: 'E', schema, key, timestamps: 'at' }, /timestamps is true, or.*"at"/],
    [
      'a timestamp without a name',
      { name: 'E', schema, key, timestamps: { created: '' } },
      /timestamps\.created names/,
    ],
    [
      'a local index elsewhere',
      { name: 'E', schema, key, indexes: { a: { partition: ['n'], scope: 'local' } } },
      /indexes\.a is local, so its partition must be the key's: \[id\]/,
    ],
    ['a ttl that is no date', { name: 'E', schema, key, ttl: 'n' }, /ttl: n is of kind number; expiry is a Date field/],
    ['an unknown sensitive field', { name: 'E', schema, key, sensitive: ['nope'] }, /sensitive names "nope"/],
    [
      'a clash with the revision',
      { name: 'E', schema: z.object({ id: z.string(), revision: z.string() }), key, revision: true },
      /already has a field revision; rename/,
    ],
    [
      'library fields of one name',
      { name: 'E', schema, key, revision: 'x', timestamps: { created: 'x' } },
      /share a name/,
    ],
  ]

  it.each([undefined, null, 'Order', [schema]])('%o in the place of a definition', (given) => {
    expect(() => define(given as never)).toThrow(ModelError)
    expect(() => define(given as never)).toThrow(/defineEntity takes a definition, as in/)
  })

  it.each(cases)('%s', (_, definition, message) => {
    expect(() => define(definition)).toThrow(ModelError)
    expect(() => define(definition)).toThrow(message)
  })
})

it('fills in what is not said', () => {
  const { model } = defineEntity({
    name: 'E',
    schema,
    key: { partition: ['id'], sort: ['n'] },
    indexes: {
      byMaybe: { partition: ['maybe'], sort: ['n', 'createdAt'] },
      within: { partition: ['id'], sort: ['maybe'], scope: 'local' },
    },
    timestamps: true,
    revision: 'version',
    ttl: 'expires',
  })
  expect(model.key.partitionName).toBe('E')
  expect(
    model.indexes.map(({ name, number, scope, ties }) => [name, number, scope, ties.map((tie) => tie.name)]),
  ).toEqual([
    ['byMaybe', 1, 'global', ['id']],
    ['within', 1, 'local', ['n']],
  ])
  expect([...model.type.fields.keys()]).toEqual(['id', 'n', 'list', 'maybe', 'expires', 'createdAt', 'updatedAt'])
  expect(model.revision).toBe('version')
  expect(Object.isFrozen(model)).toBe(true)
})

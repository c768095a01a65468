import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { drawQuestions } from '../src/measure/questions.js'
import { generateShop, sizes } from '../src/shop/generate.js'
import { operationNames } from '../src/workload/operations.js'

const digest = (seed: number): string =>
  createHash('sha256')
    .update(JSON.stringify([...generateShop(sizes.small, seed)]))
    .digest('hex')

it('gives the same shop for the same seed, and another for another', () => {
  expect(digest(1)).toBe(digest(1))
  expect(digest(2)).not.toBe(digest(1))
})

it('gives every entity a key of its own, and refers only to what is there', () => {
  const entities = [...generateShop(sizes.small, 1)]
  const ids = new Map<string, Set<unknown>>()
  for (const { entity, fields } of entities) {
    const known = ids.get(entity) ?? new Set()
    known.add(Object.values(fields).slice(0, 2).join('/'))
    ids.set(entity, known)
  }
  const of = (entity: string) => entities.filter((named) => named.entity === entity)
  for (const entity of ids.keys()) expect(ids.get(entity)?.size, entity).toBe(of(entity).length)
  const customers = new Set(of('Customer').map(({ fields }) => fields.customerId))
  expect(of('Order').every(({ fields }) => customers.has(fields.customerId ?? ''))).toBe(true)
  expect(of('Order').length).toBe(sizes.small.customers * sizes.small.ordersPerCustomer)
})

it('draws the same questions for the same seed, each with an id that was loaded', () => {
  const entities = [...generateShop(sizes.small, 1)]
  const questions = drawQuestions(entities, 1)
  expect(drawQuestions(entities, 1)).toEqual(questions)
  expect(drawQuestions(entities, 2)).not.toEqual(questions)
  const ids = new Set(entities.flatMap(({ fields }) => Object.values(fields)))
  for (const operation of operationNames) {
    expect(questions[operation].length).toBeGreaterThanOrEqual(200)
    expect(questions[operation].every(({ id }) => ids.has(id))).toBe(true)
  }
})

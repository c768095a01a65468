import { connect } from '@isomodel/core'
import { memory } from '@isomodel/memory'
import { expect, it } from 'vitest'
import { checkAnswers } from '../src/shop/answers.js'
import { expectedAnswers, findings, patternNames } from '../src/shop/expected.js'
import { nameRows } from '../src/shop/from-rows.js'
import { load } from '../src/shop/load.js'
import { shop } from '../src/shop/model.js'
import { readShopRows } from '../src/shop/rows.js'

it('answers all sixteen patterns as the file does', async () => {
  const rows = readShopRows()
  await using db = await connect(memory(), shop)
  await load(db, nameRows(rows))
  const questions = expectedAnswers(rows)
  const verdicts = await checkAnswers(db, questions, () => 0)
  expect(verdicts.filter((verdict) => !verdict.equal)).toEqual([])
  expect(new Set(verdicts.map((verdict) => verdict.pattern)).size).toBe(16)
  expect(patternNames.length).toBe(16)
  for (const pattern of patternNames) {
    expect(
      questions.some((question) => question.pattern === pattern && question.rows.length > 0),
      pattern,
    ).toBe(true)
  }
})

it('says where the file contradicts itself', () => {
  expect(findings(readShopRows()).map(({ pattern }) => pattern)).toEqual([
    'inventory of a warehouse',
    'invoices of a customer in a date range',
    'products ordered by a customer in a date range',
    'payments of an invoice',
  ])
})

it('shows a spoiled value, a missing row, an extra row and a wrong order', async () => {
  const rows = readShopRows()
  await using db = await connect(memory(), shop)
  await load(db, nameRows(rows))
  await db.Customer.update({ customerId: 'c#12345' }, { name: 'Somebody' })
  await db.Payment.delete({ orderId: 'o#12345', paymentId: 'pmn#33442' })
  await db.Warehouse.put({ ...(await db.Warehouse.query({ warehouseId: 'w#12345' }).one()), warehouseId: 'w#absent' })
  const wrong = (await checkAnswers(db, expectedAnswers(rows), () => 0)).filter((verdict) => !verdict.equal)
  const said = wrong.map((verdict) => `${verdict.pattern}: ${verdict.differences.join()}`).join('\n')
  expect(said).toContain('Customer differs in name: expected "Samaneh", found "Somebody"')
  expect(said).toContain('missing Payment')
  expect(said).toContain('unexpected Warehouse')
})

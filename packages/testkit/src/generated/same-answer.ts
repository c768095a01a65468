import { ConformanceError, same } from '../conformance/check.js'
import { equal } from '../reference/order.js'
import type { ReferenceRefusal } from '../reference/refusal.js'
import { show } from '../same/show.js'
import type { Answer, Expected, Refused } from './answer.js'

/** Demands that a store answers as the reference does: with the same value, or with the same refusal of the same place. */
export function sameAnswer(store: string, answer: Answer, expected: Expected): void {
  if ('value' in answer) {
    if ('value' in expected) same(answer.value, expected.value, `what ${store} gave`)
    else
      throw new ConformanceError(`${store} should refuse with ${expected.refusal.code}; it gave ${show(answer.value)}`)
  } else {
    if ('refusal' in expected) sameRefusal(store, answer, expected.refusal)
    else throw new ConformanceError(`${store} refuses with ${answer.code}; it should give ${show(expected.value)}`)
  }
}

function sameRefusal(store: string, { code, outcome, path, item }: Refused, refusal: ReferenceRefusal): void {
  same({ code, outcome }, { code: refusal.code, outcome: 'not committed' }, `the refusal of ${store}`)
  const { paths, items } = refusal
  if (paths !== undefined && !paths.some((one) => path !== undefined && equal(one, path)))
    throw new ConformanceError(`${store} blames the path ${show(path)}, and it is ${paths.map(show).join(' or ')}`)
  if (items !== undefined && item !== undefined && !items.includes(item))
    throw new ConformanceError(`${store} blames item ${item}, and it is ${items.join(' or ')}`)
}

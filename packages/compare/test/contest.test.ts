import { expect, it } from 'vitest'
import { contest, ratioOf } from '../src/measure/contest.js'
import { runRound, StoreGone, unlessAborted } from '../src/measure/round.js'
import type { Operation } from '../src/workload/operations.js'

const plan = { concurrency: 2, rounds: 3, warmUp: 1, atLeast: 5, atMost: 500, samples: 30 }
const questions = [{ id: 'a' }, { id: 'b' }]
const signal = new AbortController().signal
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

it('alternates the two clients, and who begins', async () => {
  const turns: string[] = []
  const side =
    (name: string): Operation =>
    async () => {
      if (turns.at(-1) !== name) turns.push(name)
      await sleep(1)
      return 1
    }
  const { library, vendor } = await contest(side('library'), side('vendor'), questions, plan, signal)
  // Warm-up, then library vendor, vendor library, library vendor: equal neighbours are one turn here.
  expect(turns).toEqual(['library', 'vendor', 'library', 'vendor', 'library', 'vendor'])
  expect(library.samples).toBeGreaterThanOrEqual(3 * plan.samples)
  expect(vendor?.samples).toBeGreaterThanOrEqual(3 * plan.samples)
})

it('counts errors apart and keeps the first message', async () => {
  let calls = 0
  const half: Operation = async () => {
    await sleep(0)
    if (++calls % 2 === 0) throw new Error(`call ${calls}`)
    return 1
  }
  const { library } = await contest(half, undefined, questions, plan, signal)
  expect(library.errors).toBeGreaterThan(0)
  expect(library.error).toMatch(/^call \d+$/)
})

it('asks the questions in turn', async () => {
  const asked: string[] = []
  await runRound(
    async ({ id }) => {
      asked.push(id)
      await sleep(1)
      return 1
    },
    questions,
    { ...plan, concurrency: 1, samples: 4, atLeast: 0 },
    signal,
  )
  expect(asked.slice(0, 4)).toEqual(['a', 'b', 'a', 'b'])
})

it('says that the store is gone when every call of a round fails', async () => {
  const dead: Operation = () => Promise.reject(new Error('connect ECONNREFUSED'))
  await expect(runRound(dead, questions, { ...plan, atMost: 20 }, signal)).rejects.toThrow(StoreGone)
  await expect(runRound(dead, questions, { ...plan, atMost: 20 }, signal)).rejects.toThrow('connect ECONNREFUSED')
})

it('ends with the reason of an aborted signal', async () => {
  const stopping = new AbortController()
  const call: Operation = async () => {
    stopping.abort(new Error('stopped'))
    return 1
  }
  await expect(runRound(call, questions, plan, stopping.signal)).rejects.toThrow('stopped')
})

it('takes the ratio round by round', () => {
  const round = (...samples: number[]) => ({ samples, elapsed: 1, errors: [] })
  const ratio = ratioOf([round(2, 2, 2), round(6, 6, 6), round(4, 4, 4)], [round(1), round(2), round(4)])
  expect(ratio).toEqual({ median: 2, least: 1, greatest: 3 })
  expect(ratioOf([round(1)], [])).toBeUndefined()
})

it('does not wait for work that has long to go', async () => {
  const stopping = new AbortController()
  const never = () => new Promise<never>(() => undefined)
  const waiting = unlessAborted(stopping.signal, never)
  stopping.abort(new Error('stopped'))
  await expect(waiting).rejects.toThrow('stopped')
  expect(await unlessAborted(new AbortController().signal, () => Promise.resolve(3))).toBe(3)
})

it('does not begin work of a signal that is aborted, and sees an abort by the work itself', async () => {
  const stopping = new AbortController()
  let begun = 0
  const work = (): Promise<never> => {
    begun += 1
    stopping.abort(new Error('stopped'))
    return new Promise<never>(() => undefined)
  }
  await expect(unlessAborted(stopping.signal, work)).rejects.toThrow('stopped')
  await expect(unlessAborted(stopping.signal, work)).rejects.toThrow('stopped')
  expect(begun).toBe(1)
})

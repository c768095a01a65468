import { afterEach, beforeEach, expect, it } from 'vitest'
import { compare } from '../src/compare.js'

const unhandled: unknown[] = []
const keep = (reason: unknown): void => void unhandled.push(reason)
beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', keep)
})
afterEach(() => {
  process.off('unhandledRejection', keep)
})

/** Compares one store until `abort` is called; what it was doing by then. */
async function stopped(store: 'memory' | 'redis', when: (abort: () => void) => (() => void) | undefined) {
  const stopping = new AbortController()
  const noted = when(() => stopping.abort(new Error('stopped')))
  const began: string[] = []
  const running = compare({
    stores: [store],
    size: 'small',
    signal: stopping.signal,
    progress: { note: () => noted?.(), at: (what) => began.push(what) },
    imported: async () => void began.push('imported'),
  })
  await expect(running).rejects.toThrow('stopped')
  // A promise that nobody handles is told of after the microtasks.
  await new Promise((done) => setTimeout(done, 50))
  return began
}

it('ends while a store is opened, and asks it nothing', async () => {
  const began = await stopped('memory', (abort) => {
    queueMicrotask(abort)
    return undefined
  })
  expect(began).toEqual([])
  expect(unhandled).toEqual([])
})

it.each([0, 20, 60])('ends %i ms after its engine has started', async (delay) => {
  await stopped('redis', (abort) => () => setTimeout(abort, delay))
  expect(unhandled).toEqual([])
})

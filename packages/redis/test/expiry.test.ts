import type { BatchOp } from '@isomodel/core/driver'
import { describe, expect, it } from 'vitest'
import { Counter } from './support/counter.js'
import { call, open, put, read, remove, update } from './support/drive.js'
import { eachServer } from './support/server.js'
import { Session, SessionWithoutIndex } from './support/session.js'

const model = Session.model
const session = (id: string, until: number, user = 'u'): { id: string; user: string; until: Date } => ({
  id,
  user,
  until: new Date(until),
})
const PAST = 1_000
const FUTURE = 8_000_000_000_000

eachServer((server) => {
  /** The keys of a namespace but for the layout record. */
  async function keysOf(namespace: string): Promise<string[]> {
    const keys = await server.client.keys(`${namespace}:{*`)
    return keys.map((key) => key.slice(namespace.length + 5)).sort()
  }

  it('an expired entity is absent to every write, and what replaces it inherits nothing', async () => {
    await using opened = await open(server.options(), [Session])
    const { driver } = opened
    const old = { ...session('s', PAST), user: 'old' }
    await driver.write(put(model, old, { now: 0 }), call())
    expect(await driver.write(update(model, { key: { id: 's' }, now: PAST }), call())).toMatchObject({
      reason: 'NOT_FOUND',
    })
    expect(
      await driver.write(remove(model, { key: { id: 's' }, guard: { exists: 'present' }, now: PAST }), call()),
    ).toMatchObject({ reason: 'NOT_FOUND' })
    // One ms before its moment it is there.
    expect(await driver.write(update(model, { key: { id: 's' }, now: PAST - 1 }), call())).toEqual({ status: 'done' })

    const created = put(model, { id: 's' }, { guard: { exists: 'absent' }, now: PAST, returning: 'old' })
    expect(await driver.write(created, call())).toEqual({ status: 'done' })
    expect((await read(driver, model, { id: 's' }))?.values).toEqual({ id: 's' })
  })

  it('an update that sets, moves or clears the moment keeps the set of moments right', async () => {
    const options = server.options()
    await using opened = await open(options, [Session])
    const moments = (): Promise<string[]> =>
      server.client.zrange(`${options.namespace}:{0}:expiry`, '0', '-1', 'WITHSCORES')
    await opened.driver.write(put(model, { id: 's' }), call())
    expect(await moments()).toEqual([])
    const set = (value: Date): ReturnType<typeof update> =>
      update(model, { key: { id: 's' }, changes: [{ op: 'set', path: ['until'], value }] })
    await opened.driver.write(set(new Date(FUTURE)), call())
    expect(await moments()).toEqual(['Session#s!Session', String(FUTURE)])
    await opened.driver.write(update(model, { key: { id: 's' }, changes: [{ op: 'remove', path: ['until'] }] }), call())
    expect(await moments()).toEqual([])
  })

  it('each write takes a few expired entities of its bucket along', async () => {
    const options = server.options()
    await using opened = await open(options, [Session, Counter])
    for (let at = 0; at < 12; at++) {
      await opened.driver.write(put(model, session(`s${at}`, PAST + at), { now: 0 }), call())
    }
    expect(await server.client.zcard(`${options.namespace}:{0}:expiry`)).toBe(12)
    // The writes before went by a clock at which nothing had expired. Now each finds five, and the next removes them.
    const trips: number[] = []
    for (let at = 0; at < 4; at++) {
      const counted = call()
      await opened.driver.write(put(Counter.model, { name: 'c', count: at }), counted)
      trips.push(counted.sentCommands.length)
    }
    expect(trips).toEqual([1, 1, 1, 1])
    expect(await keysOf(options.namespace)).toEqual(['e:Counter#c!Counter', 'g1', 'keys'])
    expect(await server.client.zrange(`${options.namespace}:{0}:g1`, '0', '-1')).toEqual(
      ['Counter#a3!Counter#c'].map((m) => m.replace('a3', 'a3')),
    )
  })

  it('sweep removes all that are due, of any number, and nothing else', async () => {
    const options = server.options()
    await using opened = await open(options, [Session])
    const due = Array.from({ length: 250 }, (_, at) => put(model, session(`due${at}`, PAST + at), { now: 0 }) as never)
    await opened.driver.writeBatch(due, call())
    await opened.driver.write(put(model, session('alive', FUTURE), { now: 0 }), call())
    expect(await opened.adapter.sweep()).toBe(250)
    expect(await keysOf(options.namespace)).toEqual(['e:Session#alive!Session', 'expiry', 'g1', 'keys'])
    for (const set of ['expiry', 'g1', 'keys'])
      expect(await server.client.zcard(`${options.namespace}:{0}:${set}`)).toBe(1)
    expect(await opened.adapter.sweep()).toBe(0)
  })

  it('what was found expired and has been renewed since stays', async () => {
    const options = server.options()
    await using opened = await open(options, [Session])
    await using other = await open(options, [Session])
    await opened.driver.write(put(model, session('s', PAST), { now: 0 }), call())
    // This write learns that s has expired; before its next one, somebody renews it.
    await opened.driver.write(put(model, session('t', FUTURE)), call())
    await other.driver.write(put(model, session('s', FUTURE), { now: 0 }), call())
    await opened.driver.write(put(model, session('t', FUTURE)), call())
    expect((await read(opened.driver, model, { id: 's' }))?.values).toEqual(session('s', FUTURE))
  })

  it('a write does not take itself along', async () => {
    await using opened = await open(server.options(), [Session])
    await opened.driver.write(put(model, session('s', PAST), { now: 0 }), call())
    await opened.driver.write(put(model, session('t', FUTURE)), call())
    await opened.driver.write(put(model, session('s', PAST + 1)), call())
    expect((await read(opened.driver, model, { id: 's' }))?.values).toEqual(session('s', PAST + 1))
  })

  it('nothing is removed before its moment by the server, whatever an injected clock says', async () => {
    await using opened = await open(server.options(), [Session], () => FUTURE + 1)
    await opened.driver.write(put(model, session('s', FUTURE), { now: 0 }), call())
    expect(await opened.adapter.sweep()).toBe(0)
    await opened.driver.write(put(model, session('t', FUTURE), { now: FUTURE + 1 }), call())
    await opened.driver.write(put(model, session('t', FUTURE), { now: FUTURE + 1 }), call())
    expect((await read(opened.driver, model, { id: 's' }))?.values.id).toBe('s')
  })

  it('sweepEvery sweeps by itself', async () => {
    const options = server.options({ sweepEvery: 20 })
    await using opened = await open(options, [Session])
    await opened.driver.write(put(model, session('s', PAST), { now: 0 }), call())
    await expect.poll(() => keysOf(options.namespace), { timeout: 5_000 }).toEqual([])
  })

  it('sweep needs a connection', async () => {
    const opened = await open(server.options(), [Session])
    await opened.driver.close()
    await expect(opened.adapter.sweep()).rejects.toMatchObject({ code: 'CLOSED' })
  })

  describe('after an index was dropped from the model', () => {
    const left = async (namespace: string): Promise<string[]> => {
      const members = await server.client.zrange(`${namespace}:{0}:g1`, '0', '-1')
      return members.map((member) => member.split('#').at(-1) as string).sort()
    }
    const later = SessionWithoutIndex.model

    it('its members go with the next write of their entity', async () => {
      const options = server.options()
      await using before = await open(options, [Session])
      for (const id of ['put', 'update', 'delete']) await before.driver.write(put(model, session(id, FUTURE)), call())

      await using after = await open(options, [SessionWithoutIndex])
      const first = call()
      await after.driver.write(remove(later, { key: { id: 'delete' } }), first)
      expect(first.sentCommands).toEqual(['EVALSHA', 'EVALSHA'])
      expect(await left(options.namespace)).toEqual(['put', 'update'])
      // From then on the set is known.
      const second = call()
      await after.driver.write(put(later, session('put', FUTURE)), second)
      expect(second.sentCommands).toEqual(['EVALSHA'])
      expect(await left(options.namespace)).toEqual(['update'])
      // An update leaves an index alone whose fields the model does not tell.
      const change = { op: 'remove', path: ['user'] } as const
      await after.driver.write(update(later, { key: { id: 'update' }, changes: [change] }), call())
      expect(await left(options.namespace)).toEqual(['update'])
    })

    it('its members go with a batch', async () => {
      const options = server.options()
      await using before = await open(options, [Session])
      for (const id of ['a', 'b', 'c']) await before.driver.write(put(model, session(id, FUTURE)), call())
      await using after = await open(options, [SessionWithoutIndex])
      const ops = [put(later, session('a', FUTURE)), remove(later, { key: { id: 'b' } })] as BatchOp[]
      expect(await after.driver.writeBatch(ops, call())).toEqual([{ status: 'done' }, { status: 'done' }])
      expect(await left(options.namespace)).toEqual(['c'])
    })

    it('its members go with the sweep', async () => {
      const options = server.options()
      await using before = await open(options, [Session])
      await before.driver.write(put(model, session('s', PAST), { now: 0 }), call())
      await using after = await open(options, [SessionWithoutIndex])
      expect(await after.adapter.sweep()).toBe(1)
      expect(await left(options.namespace)).toEqual([])
    })
  })
})

import { describe, expect, it } from 'vitest'
import { descend, frontierAt, isTrimmed } from '../src/shards.js'

const shard = (id: string, parent?: string) => ({ id, parent })
const places = (frontier: ReadonlyMap<string, string>) => Object.fromEntries(frontier)

describe('a walk through shards', () => {
  it('begins, from a moment on, with those that have no children', () => {
    const listed = [shard('a'), shard('b', 'a'), shard('c', 'a'), shard('d'), shard('e', 'trimmed')]
    expect(places(frontierAt(listed, 7))).toEqual({ b: '@7', c: '@7', d: '@7', e: '@7' })
    expect(places(frontierAt([], 7))).toEqual({})
  })

  it('goes from a shard to its children once it is done, and not before', () => {
    const listed = [shard('a'), shard('b', 'a'), shard('c', 'a'), shard('d', 'b')]
    expect(places(descend(new Map([['a', '12']]), listed))).toEqual({ a: '12' })
    expect(places(descend(new Map([['a', 'done']]), listed))).toEqual({ b: '', c: '' })
    expect(
      places(
        descend(
          new Map([
            ['b', 'done'],
            ['c', '5'],
          ]),
          listed,
        ),
      ),
    ).toEqual({ c: '5', d: '' })
  })

  it('waits at a shard that is done until its children are listed', () => {
    expect(places(descend(new Map([['a', 'done']]), [shard('a')]))).toEqual({ a: 'done' })
    expect(places(descend(new Map([['a', 'done']]), []))).toEqual({ a: 'done' })
    // The parent itself need not be listed any more.
    expect(places(descend(new Map([['a', 'done']]), [shard('b', 'a')]))).toEqual({ b: '' })
  })

  it('takes the first shards of a stream that had none from their beginning', () => {
    const listed = [shard('a'), shard('b'), shard('c', 'a'), shard('d', 'trimmed')]
    expect(places(descend(new Map(), listed))).toEqual({ a: '', b: '', d: '' })
  })

  it('has lost something where a shard that is not done is gone', () => {
    expect(isTrimmed(new Map([['a', '12']]), [shard('b')])).toBe(true)
    expect(isTrimmed(new Map([['a', '@12']]), [])).toBe(true)
    expect(
      isTrimmed(
        new Map([
          ['a', 'done'],
          ['b', '1'],
        ]),
        [shard('b', 'a')],
      ),
    ).toBe(false)
  })

  it('has lost something where neither a shard that is done nor what came after it is listed', () => {
    expect(isTrimmed(new Map([['a', 'done']]), [shard('z', 'y')])).toBe(true)
    expect(isTrimmed(new Map([['a', 'done']]), [shard('a')])).toBe(false)
    expect(isTrimmed(new Map([['a', 'done']]), [shard('b', 'a')])).toBe(false)
    // The stream has no shards at all, as between the end of one and the first record of the next.
    expect(isTrimmed(new Map([['a', 'done']]), [])).toBe(false)
  })
})

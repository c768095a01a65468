import { StoreError } from '@isomodel/core/driver'
import { describe, expect, it } from 'vitest'
import { aborted, closed, notAnEntity, toStoreError, unreachable } from '../src/errors.js'
import { oversize } from '../src/limits.js'

const at = { address: '127.0.0.1:6379', writes: true }

function reply(words: string): Error {
  return Object.assign(new Error(words), { name: 'ReplyError' })
}

describe('every message ends as a sentence', () => {
  it.each([
    'NOPERM No permissions to access a key',
    "OOM command not allowed when used memory > 'maxmemory'.",
    'LOADING Redis is loading the dataset in memory',
    'BUSY Redis is busy running a script.',
    'READONLY You can not write against a read only replica.',
    'MOVED 1 127.0.0.1:1',
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'ODD and unknown',
  ])('that of the reply %s', (words) => {
    const { message } = toStoreError(reply(words), at)
    expect(message).toMatch(words)
    expect(message).toMatch(/[^.]\.$/)
  })

  it.each<[string, StoreError]>([
    ['a broken connection', toStoreError(new Error('Connection is closed.'), at)],
    ['an unreachable server', unreachable(new Error('connect ECONNREFUSED'), at.address)],
    ['a closed connection', closed()],
    ['something that is no entity', notAnEntity()],
    ['a write that is too long', oversize('The write is')],
  ])('that of %s', (_, { message }) => {
    expect(message).toMatch(/[^.]\.$/)
  })
})

it('an error that is one already stays as it is', () => {
  const error = new StoreError('It is gone.', { code: 'NOT_FOUND' })
  expect(toStoreError(error, at)).toBe(error)
  expect(aborted(AbortSignal.abort(), false, true)).toMatchObject({ code: 'ABORTED', outcome: 'not committed' })
})

import { StoreError } from '@isomodel/core/driver'
import { expect, it } from 'vitest'
import { redirection } from '../src/redirection.js'

const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' })
const failed = (outcome: 'unknown' | 'not committed'): StoreError =>
  new StoreError('It broke.', { code: 'UNAVAILABLE', retryable: true, outcome })

it.each([
  [reply('MOVED 3999 10.0.0.2:6381'), { kind: 'moved', slot: 3_999, address: '10.0.0.2:6381' }],
  [reply('MOVED 3999 :6381'), { kind: 'moved', slot: 3_999, address: '10.0.0.1:6381' }],
  [reply('ASK 3999 ::1:6381'), { kind: 'ask', address: '::1:6381' }],
  [reply('TRYAGAIN Multiple keys request during rehashing of slot'), { kind: 'wait' }],
  [reply('CLUSTERDOWN Hash slot not served'), { kind: 'wait' }],
  [reply('LOADING Redis is loading the dataset in memory'), { kind: 'wait' }],
  [failed('not committed'), { kind: 'wait' }],
  // Any of these may have been executed, or is the answer.
  [failed('unknown'), undefined],
  [reply('NOSCRIPT No matching script'), undefined],
  [reply('OOM command not allowed'), undefined],
  [reply('WRONGTYPE Operation against a key'), undefined],
  [['done'], undefined],
])('of %s', (answer, verdict) => {
  expect(redirection(answer, '10.0.0.1:6379')).toEqual(verdict)
})

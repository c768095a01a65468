import {
  accounts,
  type CounterInput,
  counter,
  type Model,
  type Operation,
  type RegisterInput,
  type RegisterOutput,
  register,
  type UniqueInput,
  type UniqueOutput,
  uniqueValues,
} from '../../src/history/index.js'
import { ok, refused, told, unknown } from './told.js'

/** A history of which it is known what it is, for whatever reason its name says. */
export interface Known {
  readonly name: string
  readonly model: Model<unknown, unknown, unknown>
  readonly operations: readonly Operation<unknown, unknown>[]
}

const known = <S, I, O>(
  model: Model<S, I, O>,
  histories: Readonly<Record<string, readonly Operation<I, O>[]>>,
): Known[] =>
  Object.entries(histories).map(([name, operations]) => ({
    name: `${model.name}: ${name}`,
    model: model as Model<unknown, unknown, unknown>,
    operations,
  }))

const NEVER = Number.POSITIVE_INFINITY
const key = 'a'
const get: RegisterInput = { do: 'get', key }
const put = (value: number): RegisterInput => ({ do: 'put', key, value })
const create = (value: number): RegisterInput => ({ do: 'create', key, value })
const update = (value: number, ifRevision?: string): RegisterInput =>
  ifRevision === undefined ? { do: 'update', key, value } : { do: 'update', key, value, ifRevision }
const remove = (ifRevision?: string): RegisterInput =>
  ifRevision === undefined ? { do: 'delete', key } : { do: 'delete', key, ifRevision }
const entity = (value: number, revision?: string): RegisterOutput =>
  revision === undefined ? { value } : { value, revision }

const sum: CounterInput = { do: 'get', key }
const add = (amount: number): CounterInput => ({ do: 'add', key, amount })

const claim = (id: string, value: string | null): UniqueInput => ({ do: 'create', id, value })
const change = (id: string, value: string | null): UniqueInput => ({ do: 'update', id, value })
const free = (id: string): UniqueInput => ({ do: 'delete', id })
const holder = (value: string | null): UniqueOutput => ({ value })

const two = accounts({ x: 10, y: 0 })
const move = (amount: number, from = 'x', to = 'y') => ({ do: 'transfer', from, to, amount }) as const
const read = { do: 'read', accounts: ['x', 'y'] } as const

export const good: readonly Known[] = [
  ...known(register, {
    'nothing at all': [],
    'one after the other': [
      told('1', [1, 2], create(1), ok(entity(1, 'r1'))),
      told('1', [3, 4], get, ok(entity(1, 'r1'))),
      told('2', [5, 6], update(2, 'r1'), ok(entity(2, 'r2'))),
      told('2', [7, 8], remove('r2'), ok(null)),
      told('1', [9, 10], get, ok(null)),
    ],
    'a read under a write sees before it, and the next sees it': [
      told('1', [1, 2], put(1), ok(entity(1))),
      told('1', [3, 8], put(2), ok(entity(2))),
      told('2', [4, 5], get, ok(entity(1))),
      told('2', [6, 7], get, ok(entity(2))),
    ],
    'two writes at once, read in an order of which the invocations say nothing': [
      told('1', [1, 6], put(1), ok(entity(1))),
      told('2', [2, 5], put(2), ok(entity(2))),
      told('3', [7, 8], get, ok(entity(1))),
    ],
    'of two updates by one revision one is refused': [
      told('1', [1, 2], create(1), ok(entity(1, 'r1'))),
      told('1', [3, 6], update(2, 'r1'), refused('REVISION_MISMATCH')),
      told('2', [4, 5], update(3, 'r1'), ok(entity(3, 'r2'))),
    ],
    'an unknown write that is seen later': [
      told('1', [1, 2], put(1), ok(entity(1))),
      told('1', [3, NEVER], put(2), unknown),
      told('2', [4, 5], get, ok(entity(1))),
      told('2', [6, 7], get, ok(entity(2))),
    ],
    'an unknown write that is never seen': [
      told('1', [1, 2], put(1), ok(entity(1))),
      told('1', [3, 4], put(2), unknown),
      told('2', [5, 6], get, ok(entity(1))),
      told('2', [7, 8], get, ok(entity(1))),
    ],
    'an unknown write is seen, and its revision guards the next': [
      told('1', [1, 2], create(1), unknown),
      told('2', [3, 4], get, ok(entity(1, 'r1'))),
      told('2', [5, 6], update(2, 'r1'), ok(entity(2, 'r2'))),
      told('3', [7, 8], update(3, 'r1'), refused('REVISION_MISMATCH')),
    ],
    'what touches is concurrent': [told('1', [1, 2], put(1), ok(entity(1))), told('2', [2, 3], get, ok(null))],
    'of two that compare and set one is refused': [
      told('1', [1, 2], create(1), ok(entity(1))),
      told('1', [3, 6], { do: 'update', key, value: 2, ifValue: 1 }, ok(entity(2))),
      told('2', [4, 5], { do: 'update', key, value: 3, ifValue: 1 }, refused('CONDITION_FAILED')),
    ],
    'a busy store says nothing of what is stored': [
      told('1', [1, 2], put(1), refused('THROTTLED')),
      told('1', [3, 4], update(2), refused('NOT_FOUND')),
      told('2', [5, 6], create(3), ok(entity(3))),
      told('2', [7, 8], update(4), refused('CONFLICT')),
      told('1', [9, 10], get, ok(entity(3))),
    ],
    'a write that is done, without its entity': [
      told('1', [1, 2], put(1), ok()),
      told('2', [3, 4], get, ok(entity(1, 'r1'))),
      told('2', [5, 6], remove('r1'), ok()),
      told('2', [7, 8], remove('r1'), refused('NOT_FOUND')),
    ],
    'keys of their own': [
      told('1', [1, 2], put(1), ok(entity(1))),
      told('2', [3, 4], { do: 'get', key: 'b' }, ok(null)),
    ],
  }),
  ...known(counter, {
    'additions at once, told in an order': [
      told('1', [1, 6], add(1), ok(3)),
      told('2', [2, 5], add(1), ok(1)),
      told('3', [3, 4], add(1), ok(2)),
      told('1', [7, 8], sum, ok(3)),
    ],
    'an unknown addition counts once': [
      told('1', [1, 2], add(1), unknown),
      told('2', [3, 4], sum, ok(0)),
      told('2', [5, 6], add(5), ok(6)),
      told('2', [7, 8], sum, ok(6)),
    ],
    'an unknown addition that fills one gap of two': [
      told('1', [1, 2], add(1), unknown),
      told('3', [1, 2], add(1), unknown),
      told('2', [3, 4], sum, ok(0)),
      told('2', [5, 6], add(1), ok(2)),
    ],
  }),
  ...known(uniqueValues, {
    'of two at once one has it': [
      told('1', [1, 4], claim('a', 'x'), refused('UNIQUE_VIOLATION')),
      told('2', [2, 3], claim('b', 'x'), ok(holder('x'))),
    ],
    'freed by a delete, and by a change': [
      told('1', [1, 2], claim('a', 'x'), ok(holder('x'))),
      told('1', [3, 4], change('a', 'y'), ok(holder('y'))),
      told('2', [5, 6], claim('b', 'x'), ok(holder('x'))),
      told('2', [7, 8], change('b', 'y'), refused('UNIQUE_VIOLATION')),
      told('1', [9, 10], free('a'), ok(null)),
      told('2', [11, 12], change('b', 'y'), ok(holder('y'))),
    ],
    'an unknown creation took it': [
      told('1', [1, 2], claim('a', 'x'), unknown),
      told('2', [3, 4], claim('b', 'x'), refused('UNIQUE_VIOLATION')),
      told('2', [5, 6], { do: 'get', id: 'a' }, ok(holder('x'))),
    ],
    'no value is not held': [
      told('1', [1, 2], claim('a', null), ok(holder(null))),
      told('2', [3, 4], claim('b', null), ok(holder(null))),
    ],
  }),
  ...known(two, {
    'transfers at once, and a read between them': [
      told('1', [1, 6], move(4), ok([6, 4])),
      told('2', [2, 7], move(5), ok([1, 9])),
      told('3', [3, 4], read, ok([6, 4])),
      told('3', [8, 9], move(2), refused('CONDITION_FAILED')),
    ],
    'an unknown transfer is whole': [
      told('1', [1, 2], move(4), unknown),
      told('2', [3, 4], read, ok([10, 0])),
      told('2', [5, 6], read, ok([6, 4])),
    ],
  }),
]

export const bad: readonly Known[] = [
  ...known(register, {
    'a stale read': [
      told('1', [1, 2], put(1), ok(entity(1))),
      told('1', [3, 4], put(2), ok(entity(2))),
      told('2', [5, 6], get, ok(entity(1))),
    ],
    'a read that goes back': [
      told('1', [1, 2], put(1), ok(entity(1))),
      told('1', [3, 8], put(2), ok(entity(2))),
      told('2', [4, 5], get, ok(entity(2))),
      told('2', [6, 7], get, ok(entity(1))),
    ],
    'a lost update: two by one revision': [
      told('1', [1, 2], create(1), ok(entity(1, 'r1'))),
      told('1', [3, 6], update(2, 'r1'), ok(entity(2, 'r2'))),
      told('2', [4, 5], update(3, 'r1'), ok(entity(3, 'r3'))),
    ],
    'a lost update: two that compare and set': [
      told('1', [1, 2], create(1), ok(entity(1))),
      told('1', [3, 6], { do: 'update', key, value: 2, ifValue: 1 }, ok(entity(2))),
      told('2', [4, 5], { do: 'update', key, value: 3, ifValue: 1 }, ok(entity(3))),
    ],
    'the revision is judged before the condition': [
      told('1', [1, 2], create(1), ok(entity(1, 'r1'))),
      told('1', [3, 4], { do: 'update', key, value: 2, ifRevision: 'r0', ifValue: 7 }, refused('CONDITION_FAILED')),
    ],
    'a lost write': [told('1', [1, 2], put(1), ok(entity(1))), told('2', [3, 4], get, ok(null))],
    'a value that nobody wrote': [told('1', [1, 2], put(1), ok(entity(1))), told('2', [3, 4], get, ok(entity(7)))],
    'a read of what was refused': [
      told('1', [1, 2], create(1), ok(entity(1))),
      told('2', [3, 4], create(2), refused('ALREADY_EXISTS')),
      told('3', [5, 6], get, ok(entity(2))),
    ],
    'a read of what the busy store refused': [
      told('1', [1, 2], put(1), refused('CONFLICT')),
      told('2', [3, 4], get, ok(entity(1))),
    ],
    'two creations of one key': [
      told('1', [1, 4], create(1), ok(entity(1))),
      told('2', [2, 3], create(2), ok(entity(2))),
    ],
    'an unknown write that is seen, and then unseen': [
      told('1', [1, 2], put(1), ok(entity(1))),
      told('1', [3, 4], put(2), unknown),
      told('2', [5, 6], get, ok(entity(2))),
      told('2', [7, 8], get, ok(entity(1))),
    ],
    'an unknown write that is seen before it was invoked': [
      told('2', [1, 2], get, ok(entity(1))),
      told('1', [3, NEVER], put(1), unknown),
    ],
    'a deleted entity that comes back': [
      told('1', [1, 2], put(1), ok(entity(1))),
      told('1', [3, 4], remove(), ok(null)),
      told('2', [5, 6], get, ok(entity(1))),
    ],
    'a revision that is not new': [
      told('1', [1, 2], put(1), ok(entity(1, 'r1'))),
      told('1', [3, 4], put(2), ok(entity(2, 'r1'))),
    ],
    'a guard that is refused for nothing': [
      told('1', [1, 2], put(1), ok(entity(1, 'r1'))),
      told('1', [3, 4], update(2, 'r1'), refused('REVISION_MISMATCH')),
    ],
    'one unknown write seen twice, with another between': [
      told('1', [1, 2], put(1), unknown),
      told('2', [3, 4], get, ok(entity(1))),
      told('2', [5, 6], put(2), ok(entity(2))),
      told('2', [7, 8], get, ok(entity(1))),
    ],
    'an error that is no answer of the model': [told('1', [1, 2], get, refused('CORRUPT'))],
    'only one key of several is at fault': [
      told('1', [1, 2], { do: 'put', key: 'b', value: 1 }, ok(entity(1))),
      told('1', [3, 4], put(1), ok(entity(1))),
      told('2', [5, 6], { do: 'get', key: 'b' }, ok(entity(1))),
      told('2', [7, 8], get, ok(null)),
    ],
  }),
  ...known(counter, {
    'an addition counted twice': [told('1', [1, 2], add(1), ok(1)), told('2', [3, 4], sum, ok(2))],
    'an unknown addition counted twice': [
      told('1', [1, 2], add(1), unknown),
      told('2', [3, 4], sum, ok(1)),
      told('2', [5, 6], sum, ok(2)),
    ],
    'a lost addition': [
      told('1', [1, 4], add(1), ok(1)),
      told('2', [2, 3], add(1), ok(1)),
      told('1', [5, 6], sum, ok(1)),
    ],
    'a refused addition that counts': [told('1', [1, 2], add(1), refused('THROTTLED')), told('2', [3, 4], sum, ok(1))],
  }),
  ...known(uniqueValues, {
    'two holders of one value': [
      told('1', [1, 4], claim('a', 'x'), ok(holder('x'))),
      told('2', [2, 3], claim('b', 'x'), ok(holder('x'))),
    ],
    'a value that is not freed': [
      told('1', [1, 2], claim('a', 'x'), ok(holder('x'))),
      told('1', [3, 4], free('a'), ok(null)),
      told('2', [5, 6], claim('b', 'x'), refused('UNIQUE_VIOLATION')),
    ],
    'a value that nobody holds is refused': [told('1', [1, 2], claim('a', 'x'), refused('UNIQUE_VIOLATION'))],
    'a refused creation that is there': [
      told('1', [1, 2], claim('a', 'x'), ok(holder('x'))),
      told('2', [3, 4], claim('b', 'x'), refused('UNIQUE_VIOLATION')),
      told('2', [5, 6], { do: 'get', id: 'b' }, ok(holder('x'))),
    ],
  }),
  ...known(two, {
    'a read of half a transfer': [told('1', [1, 4], move(4), ok([6, 4])), told('2', [2, 3], read, ok([6, 0]))],
    'two transfers of the same money': [
      told('1', [1, 4], move(10), ok([0, 10])),
      told('2', [2, 3], move(10), ok([0, 10])),
    ],
    'an unknown transfer that is half done': [
      told('1', [1, 2], move(4), unknown),
      told('2', [3, 4], read, ok([10, 4])),
    ],
    'two reads that disagree on which of two transfers was first': [
      told('1', [1, 10], move(1), ok()),
      told('2', [2, 11], move(2), ok()),
      told('3', [3, 4], read, ok([9, 1])),
      told('4', [5, 6], read, ok([8, 2])),
    ],
  }),
]

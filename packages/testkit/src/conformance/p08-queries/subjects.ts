/** Entities with every kind of field, each absent, null, empty and filled somewhere. */
export interface SubjectFields {
  group: string
  id: number
  text?: string | null | undefined
  num?: number | null | undefined
  int?: number | null | undefined
  big?: bigint | null | undefined
  flag?: boolean | null | undefined
  date?: Date | null | undefined
  bytes?: Uint8Array<ArrayBuffer> | null | undefined
  kind?: 'a' | 'b' | 'c' | null | undefined
  list?: string[] | null | undefined
  nums?: (number | null)[] | null | undefined
  rows?: { a: number; b?: string | undefined }[] | undefined
  set?: Set<string> | null | undefined
  bigs?: Set<bigint> | undefined
  object?: { a?: number | null | undefined; b?: { c?: string | undefined } | undefined } | null | undefined
  record?: { [name: string]: number } | null | undefined
  any?: string | number | bigint | boolean | number[] | null | undefined
}

export const subjects: readonly Omit<SubjectFields, 'group'>[] = [
  { id: 0 },
  {
    id: 1,
    text: null,
    num: null,
    int: null,
    big: null,
    flag: null,
    date: null,
    bytes: null,
    kind: null,
    list: null,
    nums: null,
    set: null,
    object: null,
    record: null,
    any: null,
  },
  {
    id: 2,
    text: '',
    num: 0,
    int: 0,
    big: 0n,
    flag: false,
    date: new Date(0),
    bytes: new Uint8Array(),
    kind: 'a',
    list: [],
    nums: [],
    rows: [],
    set: new Set(),
    bigs: new Set(),
    object: {},
    record: {},
    any: '',
  },
  {
    id: 3,
    text: 'abc',
    num: 1.5,
    int: 7,
    big: 2n ** 53n + 1n,
    flag: true,
    date: new Date(-1),
    bytes: Uint8Array.of(1, 255),
    kind: 'b',
    list: ['abc', 'x'],
    nums: [1, null, 2.5],
    rows: [{ a: 1 }, { a: 2, b: 'x' }],
    set: new Set(['x', 'abc']),
    bigs: new Set([1n, 2n ** 53n + 1n]),
    object: { a: 1, b: { c: 'x' } },
    record: { x: 1, y: 0 },
    any: 1,
  },
  {
    id: 4,
    text: 'abcd',
    num: -1,
    int: 8,
    big: 2n ** 53n,
    flag: true,
    date: new Date(1),
    bytes: Uint8Array.of(1),
    kind: 'c',
    list: ['x', 'abc'],
    nums: [2.5],
    rows: [{ a: 2, b: 'x' }],
    set: new Set(['abc', 'x', 'y']),
    bigs: new Set([2n ** 53n]),
    object: { a: null, b: {} },
    record: { y: 1 },
    any: [1],
  },
  {
    id: 5,
    text: '😀',
    any: 1n,
    list: ['x'],
    object: { b: { c: 'x' }, a: 1 },
    record: { y: 0, x: 1 },
    set: new Set(['x']),
    nums: [null],
  },
  { id: 6, text: '\uffff', any: true, num: 1, int: 1, object: { a: 1 }, record: { x: 1 } },
  { id: 7, text: 'x', any: '1', num: 7, int: -7, big: -1n, list: ['x', 'abc', 'x'] },
]

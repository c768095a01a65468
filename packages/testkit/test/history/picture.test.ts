import { describe, expect, it } from 'vitest'
import {
  accounts,
  drawSvg,
  drawText,
  linearizable,
  type Model,
  type NotLinearizable,
  type Operation,
  type RegisterInput,
  type RegisterOutput,
  register,
} from '../../src/history/index.js'
import { ok, refused, told, unknown } from './told.js'

function failing<S, I, O>(operations: readonly Operation<I, O>[], model: Model<S, I, O>): NotLinearizable<S, I, O> {
  const verdict = linearizable(operations, model)
  if (verdict.status !== 'not linearizable') throw new Error(`it is ${verdict.status}`)
  return verdict
}

const put = (value: unknown): RegisterInput => ({ do: 'put', key: 'a', value })
const get: RegisterInput = { do: 'get', key: 'a' }

const lost: readonly Operation<RegisterInput, RegisterOutput>[] = [
  told('p1', [1, 2], put(1), ok({ value: 1, revision: 'first-revision' })),
  told('p10', [3, 9], put(2), unknown),
  told('p2', [4, 5], { do: 'update', key: 'a', value: 3, ifRevision: 'r0' }, refused('REVISION_MISMATCH')),
  told('p1', [6, 20], { do: 'create', key: 'a', value: 6 }, ok({ value: 6 })),
  told('p2', [7, 8], get, ok({ value: 4 })),
  told('p2', [10, 11], get, ok({ value: 5 })),
]

describe('the text', () => {
  it('has a line for each operation until the fault, with its place and its bar', () => {
    expect(drawText(failing(lost, register))).toBe(
      [
        'Not linearizable (register, "a"): no order of these 5 operations explains their answers.',
        "The longest that does has 2 and ends in { value: 1, revision: 'first-revision' }; `get a → 4` of p2, which had returned, has no place in it.",
        '',
        '  1  p1   put a 1 → ok (…ision)                 ├─┤',
        '  ?  p10  put a 2 → ?                              ├───────…',
        '  2  p2   update a 3 if r0 → REVISION_MISMATCH      ├─┤',
        '  ·  p1   create a 6 → ok                              ├───…',
        '  ✗  p2   get a → 4                                     ├─┤',
      ].join('\n'),
    )
  })

  it('leaves out the first of a long history, and cuts long lines', () => {
    const many = Array.from({ length: 100 }, (_, at) =>
      told('p1', [2 * at, 2 * at + 1], put('x'.repeat(100) + at), ok<RegisterOutput>()),
    )
    const lines = drawText(failing([...many, told('p1', [300, 301], get, ok(null))], register)).split('\n')
    expect(lines[3]).toBe('  (61 before them, the first of the order)')
    expect(lines).toHaveLength(4 + 40)
    expect(lines[4]).toMatch(/^ {3}62 {2}p1 {2}put a 'x{52}… {2}├─┤$/)
  })

  it('tells balances', () => {
    const read = told('p1', [1, 2], { do: 'read', accounts: ['x', 'y'] } as const, ok([1, null]))
    expect(drawText(failing([read], accounts({ x: 3 })))).toContain(
      "ends in Map{'x' → 3}; `read x y → 1 ` of p1, which had returned",
    )
  })
})

describe('the image', () => {
  const svg = drawSvg(failing(lost, register))

  it('has a lane for each process, by name', () => {
    const processes = [...svg.matchAll(/class="process" xml:space="preserve">(p\d+)</g)].map(([, name]) => name)
    expect(processes).toEqual(['p1', 'p2', 'p10'])
  })

  it('marks what has no place, what is unknown and what is under way', () => {
    const kinds = [...svg.matchAll(/<g class="(\w+)"><title>([^<]*)<\/title>/g)].map(([, kind, title]) => [kind, title])
    expect(kinds).toEqual([
      ['placed', 'p1: put a 1 → ok (…ision)'],
      ['pending', 'p1: create a 6 → ok (goes on)'],
      ['placed', 'p2: update a 3 if r0 → REVISION_MISMATCH'],
      ['blocked', 'p2: get a → 4'],
      ['unknown', 'p10: put a 2 → ? (goes on)'],
    ])
    expect(svg).toContain('✗  get a → 4')
  })

  it('asks for nothing from elsewhere', () => {
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|href|url\(|@import|<script|<image/,
    )
  })

  it('escapes what is stored, and what XML cannot hold', () => {
    const value = '</text><script>alert("1")</script>&\u0000\ud800\u{1f600}'
    const model: Model<null, string, string> = {
      name: '<b>',
      initial: null,
      step: () => undefined,
      describe: (input) => input,
    }
    const image = drawSvg(failing([told('<p>', [1, 2], value, ok('x'))], model))
    expect(image).not.toMatch(/<script|<b>|<p>|\p{Cs}/u)
    expect(image.match(/[^\n\P{Cc}]/gu)).toBeNull()
    expect(image).toContain('&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;\ufffd\ufffd😀')
    expect(image.match(/<[a-z]/g)?.length).toBe(
      (image.match(/<\/[a-z]+>/g)?.length ?? 0) + (image.match(/\/>/g)?.length ?? 0),
    )
  })

  it('gives a lane more to operations of one process that meet', () => {
    const operations = [
      told('p1', [1, 4], put(1), ok<RegisterOutput>()),
      told('p1', [2, 3], put(2), ok<RegisterOutput>()),
      told('p1', [5, 6], get, ok<RegisterOutput>(null)),
    ]
    const heights = [...drawSvg(failing(operations, register)).matchAll(/<rect x="\S+" y="(\d+)"/g)].map(([, y]) => y)
    expect(heights).toEqual(['92', '92', '126'])
  })
})

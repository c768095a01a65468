import { StoreError } from '@isomodel/core'
import { type Difference, differences } from '../same/difference.js'
import { absent, show, showPath } from '../same/show.js'
import type { Answer, Answers } from './answers.js'

/** The stores do not agree; the message shows where, and what each of them says there. */
export class NotTheSameError extends Error {
  override readonly name: string = 'NotTheSameError'
}

const PLACES = 8

/**
 * Demands that every store gave the same answer, and gives it; when all threw the same error, throws that. Values are the
 * same when they are equal in kind and value (`1` and `1n` are not); errors when their code, outcome, operation, key and
 * path are. Revisions are not compared, since each store makes up its own.
 *
 * Throws NotTheSameError:
 *
 * ```text
 * The answer is not the same on every store.
 *   [1].total
 *     memory, redis  0.30000000000000004
 *     dynamodb       0.3
 * ```
 */
export function expectSame<T>(answers: Answers<T>): T {
  const disagreement = disagreementOf(answers)
  if (disagreement !== undefined) throw new NotTheSameError(disagreement)
  const [first] = answers
  if (first === undefined) throw new TypeError('There are no answers, since no store was named.')
  if ('error' in first) throw first.error
  return first.value
}

interface Comparable {
  readonly store: string
  readonly content: unknown
}

/** Where the stores disagree, in words; undefined when they agree. */
export function disagreementOf(answers: Answers<unknown>): string | undefined {
  const all = [...answers].map(
    (answer): Comparable => ({ store: answer.store, content: comparable(answer, answers.opaque) }),
  )
  const common = commonest(all)
  if (common === undefined) return undefined
  const places = new Map<string, Difference['path']>()
  for (const { content } of all) {
    for (const { path } of differences(common.content, content, PLACES)) places.set(showPath(path), path)
  }
  if (places.size === 0) return undefined
  const lines = [...places]
    .slice(0, PLACES)
    .flatMap(([name, path]) => [`  ${name === '' ? 'the whole' : name}`, ...sayings(all, path)])
  const more = places.size > PLACES ? [`  and ${places.size - PLACES} more places`] : []
  return ['The answer is not the same on every store.', ...lines, ...more].join('\n')
}

/** What the stores say at a place, those that say the same on one line. */
function sayings(all: readonly Comparable[], path: Difference['path']): string[] {
  const groups = Map.groupBy(all, ({ content }) => show(valueAt(content, path)))
  const heads = [...groups].map(([, stores]) => stores.map(({ store }) => store).join(', '))
  const width = Math.max(...heads.map((head) => head.length))
  return [...groups].map(([text], at) => `    ${(heads[at] ?? '').padEnd(width)}  ${text}`)
}

/** The answer that most stores agree with, the first of them on a tie. */
function commonest(all: readonly Comparable[]): Comparable | undefined {
  const agreeing = (one: Comparable): number =>
    all.filter((other) => differences(one.content, other.content, 1).length === 0).length
  return all.toSorted((one, other) => agreeing(other) - agreeing(one))[0]
}

function comparable(answer: Answer<unknown>, opaque: ReadonlySet<string>): unknown {
  if ('value' in answer) return without(answer.value, opaque)
  const { error } = answer
  if (!(error instanceof StoreError)) return { threw: String(error) }
  const { code, outcome, operation, key, path } = error
  return { threw: code, outcome, operation, key, path }
}

/** The value without its opaque fields, at every depth. */
function without(value: unknown, opaque: ReadonlySet<string>): unknown {
  if (opaque.size === 0 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => without(item, opaque))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  const kept = Object.entries(value).filter(([name]) => !opaque.has(name))
  return Object.fromEntries(kept.map(([name, field]) => [name, without(field, opaque)]))
}

function valueAt(value: unknown, path: Difference['path']): unknown {
  let here = value
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return absent
    here = Reflect.get(here, step)
  }
  return here
}

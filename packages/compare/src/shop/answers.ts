import { isDeepStrictEqual } from 'node:util'
import type { Expected, PatternArguments, PatternName } from './expected.js'
import { type Named, nameRow } from './from-rows.js'
import { type Answered, patterns, type ShopDb } from './patterns.js'

/** How one store answered one question. */
export interface Verdict {
  readonly pattern: PatternName
  readonly arguments: PatternArguments
  readonly equal: boolean
  /** Rows the file answers with. */
  readonly expected: number
  /** In words, what differs; empty when equal. */
  readonly differences: readonly string[]
  readonly roundTrips: number
}

/**
 * Asks a store every documented question and holds its answers against the file's rows: the same entities with the same
 * values, and where the answer is of one entity, in the order of the file's sort key.
 */
export async function checkAnswers(
  db: ShopDb,
  questions: readonly Expected[],
  trips: () => number,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (const question of questions) {
    const before = trips()
    const answered = await patterns[question.pattern](db, question.arguments)
    const differences = differ(question.rows.map(nameRow), answered)
    verdicts.push({
      pattern: question.pattern,
      arguments: question.arguments,
      equal: differences.length === 0,
      expected: question.rows.length,
      differences,
      roundTrips: trips() - before,
    })
  }
  return verdicts
}

/** What differs between the rows of the file and an answer, in words; nothing when they are the same. */
export function differ(expected: readonly Named[], answered: readonly Answered[]): readonly string[] {
  const differences: string[] = []
  const left = [...answered]
  for (const row of expected) {
    const at = left.findIndex((found) => sameEntity(row, found))
    if (at >= 0) left.splice(at, 1)
    else differences.push(nearest(row, left))
  }
  for (const found of left) differences.push(`unexpected ${show(found)}`)
  if (differences.length === 0 && new Set(expected.map((row) => row.entity)).size === 1) {
    const at = expected.findIndex((row, index) => !sameEntity(row, answered[index] as Answered))
    if (at >= 0)
      differences.push(
        `order: expected ${show(expected[at] as Named)} at place ${at + 1}, found ${show(answered[at] as Answered)}`,
      )
  }
  return differences
}

function sameEntity(row: Named, found: Answered): boolean {
  return row.entity === found.entity && isDeepStrictEqual(row.fields, { ...found.fields })
}

/** A missing row, and where an answer comes close to it, the fields in which that one differs. */
function nearest(row: Named, answered: readonly Answered[]): string {
  const close = answered
    .filter((found) => found.entity === row.entity)
    .map((found) => ({ found, fields: differingFields(row, found) }))
    .sort((a, b) => a.fields.length - b.fields.length)[0]
  if (close === undefined || close.fields.length > Object.keys(row.fields).length / 2) return `missing ${show(row)}`
  const fields = close.fields.map(
    (field) =>
      `${field}: expected ${JSON.stringify(row.fields[field])}, found ${JSON.stringify((close.found.fields as { [name: string]: unknown })[field])}`,
  )
  return `${row.entity} differs in ${fields.join('; ')}`
}

function differingFields(row: Named, found: Answered): string[] {
  const names = new Set([...Object.keys(row.fields), ...Object.keys(found.fields)])
  return [...names].filter(
    (name) => !isDeepStrictEqual(row.fields[name], (found.fields as { [name: string]: unknown })[name]),
  )
}

function show({ entity, fields }: { readonly entity: string; readonly fields: object }): string {
  return `${entity} ${JSON.stringify(fields)}`
}

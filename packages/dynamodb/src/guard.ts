import { FORMAT_VERSION, type Guard, isAlways, isNever, splitCondition, type WriteOp } from '@isomodel/core/driver'
import { conditionExpression, isNative, spellOut } from './conditions.js'
import type { Placeholders } from './expression.js'
import type { EntityLayout } from './layout.js'
import { PARTITION, TOKEN } from './names.js'

/** What the guard demands of an entity that is there, in DynamoDB's words, or why DynamoDB cannot judge it. */
export type Demands = { readonly demands: readonly string[] } | { readonly reason: string }

export function demandsOf(layout: EntityLayout, { guard }: WriteOp, placeholders: Placeholders): Demands {
  const demands: string[] = []
  if (guard.token !== undefined) demands.push(tokenIs(guard.token, placeholders))
  if (guard.condition !== undefined) {
    const condition = spellOut(guard.condition)
    if (isNever(condition)) {
      return { reason: 'the condition can never hold, so only what is stored is left to be told' }
    }
    if (splitCondition(condition, (leaf) => isNative(layout, leaf)).residual !== undefined) {
      return { reason: 'DynamoDB cannot judge the condition exactly, so it is judged on what was read' }
    }
    if (!isAlways(condition)) demands.push(conditionExpression(layout, condition, placeholders))
  }
  return { demands }
}

/** Holds of a live entity that meets the demands. */
export function isPresent(
  layout: EntityLayout,
  op: WriteOp,
  demands: readonly string[],
  placeholders: Placeholders,
): string {
  const expired = isExpired(layout, op, placeholders)
  const live = expired === undefined ? [] : [`NOT (${expired})`]
  return allOf([isReadable(placeholders), ...live, ...demands])
}

/** Holds where there is no live entity. */
export function isAbsent(layout: EntityLayout, op: WriteOp, placeholders: Placeholders): string {
  const expired = isExpired(layout, op, placeholders)
  const gone = expired === undefined ? [] : [allOf([isReadable(placeholders), expired])]
  return anyOf([isNothing(placeholders), ...gone])
}

/**
 * Holds of what this version reads: its token begins with the version of the format. A write that asks something of what it
 * meets, or leaves some of it, must not go ahead on anything else; its image then says CORRUPT.
 */
function isReadable(placeholders: Placeholders): string {
  return `begins_with(${placeholders.name(TOKEN)}, ${placeholders.constant(String(FORMAT_VERSION))})`
}

/** Holds where there is no item at all. */
export function isNothing(placeholders: Placeholders): string {
  return `attribute_not_exists(${placeholders.name(PARTITION)})`
}

export function tokenIs(token: string, placeholders: Placeholders): string {
  return `${placeholders.name(TOKEN)} = ${placeholders.value({ S: token })}`
}

/** Whether a guard refuses an absent entity: it asks for one, by name or by its token. */
export function needsPresent(guard: Guard): boolean {
  return guard.exists === 'present' || guard.token !== undefined
}

/** True of an entity whose ttl is at or before the moment; false where the ttl is null or absent. */
function isExpired(layout: EntityLayout, op: WriteOp, placeholders: Placeholders): string | undefined {
  if (layout.ttl === undefined) return undefined
  return `${placeholders.name(layout.ttl)} <= ${placeholders.value({ N: String(op.now) })}`
}

export function allOf(parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] as string) : parts.map(grouped).join(' AND ')
}

export function anyOf(parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] as string) : parts.map(grouped).join(' OR ')
}

function grouped(part: string): string {
  return / (AND|OR) /.test(part) ? `(${part})` : part
}

import { dynamicSlot } from './dynamic-slot.js'
import type { ObjectType, Slot, ValueType } from './type.js'
import type { Path } from './value.js'

/** What the schema says of a place in an entity. */
export interface Place {
  readonly slot: Slot
  /** The path leads through a union or a dynamic value: what is there depends on the entity. */
  readonly dynamic: boolean
}

/**
 * The place that a path leads to; undefined where the schema has none, and for the empty path. Behind a union the place
 * is what the one alternative that has it says, or a dynamic one when several have it.
 */
export function slotAt(type: ObjectType, path: Path): Place | undefined {
  let within: ValueType = type
  let place: Place | undefined
  for (const step of path) {
    const slots: ReadonlySet<Slot> = new Set(alternatives(within).flatMap((each) => slotIn(each, step) ?? []))
    const [first] = slots
    if (first === undefined) return undefined
    const dynamic: boolean = place?.dynamic === true || within.kind === 'union' || within.kind === 'dynamic'
    place = { slot: slots.size === 1 ? first : dynamicSlot, dynamic }
    within = place.slot.type
  }
  return place
}

function slotIn(type: ValueType, step: string | number): Slot | undefined {
  if (type.kind === 'dynamic') return dynamicSlot
  if (typeof step === 'number') {
    if (type.kind === 'array') return type.item
    return type.kind === 'tuple' ? (type.items[step] ?? type.rest) : undefined
  }
  if (type.kind === 'record') return type.value
  if (type.kind !== 'object') return undefined
  return type.fields.get(step) ?? (type.unknown === 'keep' ? (type.catchall ?? dynamicSlot) : undefined)
}

/** What a value of the type can be, unions opened; a union that holds itself is opened once. */
function alternatives(type: ValueType, seen: Set<ValueType> = new Set()): ValueType[] {
  if (type.kind !== 'union') return [type]
  if (seen.has(type)) return []
  seen.add(type)
  return type.options.flatMap((option) => alternatives(option, seen))
}

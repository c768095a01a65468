import { type Fields, keyNames, type ReferenceKind } from '../reference/kind.js'
import { order } from '../reference/order.js'

/** Puts what comes in no order into that of the keys, for comparing; leaves anything but a list as it is. */
export const inKeyOrder =
  (kind: ReferenceKind) =>
  (given: unknown): unknown =>
    Array.isArray(given)
      ? given.toSorted((left: Fields, right: Fields) => {
          const differences = keyNames(kind).map((name) => order(left[name], right[name]) ?? 0)
          return differences.find((difference) => difference !== 0) ?? 0
        })
      : given

import type { Change, Condition, Path } from '@isomodel/core'
import type * as fc from 'fast-check'
import type { Fields } from '../reference/kind.js'
import type { StepAccess } from './step.js'

/** A place of an entity, for conditions and changes. */
export interface Place {
  readonly path: Path
  readonly values: fc.Arbitrary<unknown>
  /** It may be null, which equals null and has no order. */
  readonly nullable?: true
  /** Its values have an order. */
  readonly ordered?: true
  /** It may be removed. */
  readonly optional?: true
  /** Of the key, or a part of a union: it may be asked for and not changed. */
  readonly fixed?: true
  /** Text, so that prefixes and parts may be asked for. */
  readonly text?: true
  /** What may be added to it. */
  readonly sums?: fc.Arbitrary<number | bigint>
  /** A list: what it holds, and what may be put at its ends. */
  readonly items?: { readonly one: fc.Arbitrary<unknown>; readonly several: fc.Arbitrary<readonly unknown[]> }
  /** A set's members. */
  readonly members?: fc.Arbitrary<unknown>
}

/** What histories do with one kind of entities. */
export interface Subject {
  readonly kind: string
  readonly keys: fc.Arbitrary<Fields>
  readonly entities: fc.Arbitrary<Fields>
  /** Those for batches, whose items run at once: they take nothing from each other. */
  readonly batched: fc.Arbitrary<Fields>
  readonly conditions: fc.Arbitrary<Condition>
  readonly changes: fc.Arbitrary<readonly Change[]>
  readonly accesses: fc.Arbitrary<StepAccess>
  /** Fields to select from. */
  readonly names: readonly [string, ...string[]]
  /** Whether an entity's revision can be asked for. */
  readonly revision: boolean
  /** Values that a field refuses, with the path that the error names. */
  readonly wrong: fc.Arbitrary<{ readonly field: string; readonly value: unknown; readonly path: Path }>
  /** Changes that are refused unseen. */
  readonly wrongChanges: fc.Arbitrary<Change>
}

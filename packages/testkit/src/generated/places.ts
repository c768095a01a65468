import type { Change, Condition } from '@isomodel/core'
import * as fc from 'fast-check'
import type { Place } from './subject.js'
import { orNull, record, texts } from './values.js'

/** Conditions on some places: each operator where it fits, and combinations of them. */
export function conditionsOn(places: readonly Place[]): fc.Arbitrary<Condition> {
  const leaf = fc.oneof(...places.map(comparisonOf))
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      { weight: 1, arbitrary: combined('and', tie('condition')) },
      { weight: 1, arbitrary: combined('or', tie('condition')) },
      {
        weight: 1,
        arbitrary: record({ op: fc.constant('not'), condition: tie('condition') }) as fc.Arbitrary<Condition>,
      },
    ),
  })).condition
}

const combined = (op: 'and' | 'or', of: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> =>
  record({ op: fc.constant(op), conditions: fc.array(of, { maxLength: 3 }) }) as fc.Arbitrary<Condition>

function comparisonOf({ path: at, values, nullable, ordered, text, items, members }: Place): fc.Arbitrary<Condition> {
  const path = fc.constant(at)
  const equals = nullable ? fc.option(values, { freq: 1 }) : values
  const contained = items?.one ?? members ?? (text && texts)
  return fc.oneof(
    { weight: 3, arbitrary: record({ op: fc.constantFrom('eq', 'ne'), path, value: equals }) },
    { weight: 1, arbitrary: record({ op: fc.constantFrom('exists', 'notExists'), path }) },
    { weight: 1, arbitrary: record({ op: fc.constant('in'), path, values: fc.array(equals, { maxLength: 3 }) }) },
    ...(ordered
      ? [
          { weight: 3, arbitrary: record({ op: fc.constantFrom('lt', 'lte', 'gt', 'gte'), path, value: values }) },
          { weight: 1, arbitrary: record({ op: fc.constant('between'), path, low: values, high: values }) },
        ]
      : []),
    ...(text ? [{ weight: 1, arbitrary: record({ op: fc.constant('beginsWith'), path, value: texts }) }] : []),
    ...(contained ? [{ weight: 1, arbitrary: record({ op: fc.constant('contains'), path, value: contained }) }] : []),
  ) as fc.Arbitrary<Condition>
}

/** Lists of changes of some places: each kind of change where it fits. */
export function changesOf(places: readonly Place[]): fc.Arbitrary<readonly Change[]> {
  const changes = places.filter(({ fixed }) => !fixed).map(changeOf)
  const one = fc.oneof(...changes)
  const apart = fc.uniqueArray(one, { maxLength: 4, selector: ({ path }) => path[0] })
  return fc.oneof({ weight: 7, arbitrary: apart }, { weight: 1, arbitrary: fc.array(one, { maxLength: 3 }) })
}

function changeOf({ path: at, values, nullable, optional, sums, items, members }: Place): fc.Arbitrary<Change> {
  const path = fc.constant(at)
  const setting = record({ op: fc.constantFrom('set', 'setIfAbsent'), path, value: nullable ? orNull(values) : values })
  const others = [
    ...(optional ? [record({ op: fc.constant('remove'), path })] : []),
    ...(sums ? [record({ op: fc.constant('add'), path, value: sums })] : []),
    ...(items ? [record({ op: fc.constantFrom('append', 'prepend'), path, values: items.several })] : []),
    ...(members
      ? [
          record({
            op: fc.constantFrom('addToSet', 'deleteFromSet'),
            path,
            values: fc.array(members, { maxLength: 3 }).map((given) => new Set(given)),
          }),
        ]
      : []),
  ]
  return fc.oneof(setting, ...others) as fc.Arbitrary<Change>
}

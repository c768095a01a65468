import { Clock } from '../conformance/clock.js'
import { Reference } from '../reference/reference.js'
import { show } from '../same/show.js'
import { expectedOf } from './answer.js'
import { kinds } from './kinds.js'
import { literal } from './literal.js'
import { dated } from './moments.js'
import { onReference } from './on-reference.js'
import type { Step, StepRead, StepWrite } from './step.js'

/** A history as the body of a conformance case over the generated `entities`, with what the reference gives for each step. */
export function asCode(history: readonly Step[]): string {
  const clock = new Clock()
  const start = clock.now()
  const reference = new Reference(kinds, clock.now)
  const lines = history.flatMap((step, place) => {
    if (step.do === 'wait') clock.advance(step.milliseconds)
    const lead = `// step ${place + 1}`
    if (step.do === 'wait' || step.do === 'open' || step.do === 'next') return [lead, callOf(step)]
    const expected = expectedOf(() => onReference(reference, dated(step, start)))
    if ('refusal' in expected) return [lead, `await refused(${callOf(step)}, '${expected.refusal.code}')`]
    return [`${lead} gives ${show(expected.value)}`, `await ${callOf(step)}`]
  })
  return ['async (t, db) => {', ...['const start = t.clock.now()', ...lines].map((line) => `  ${line}`), '}'].join('\n')
}

function callOf(step: Step): string {
  switch (step.do) {
    case 'write':
      return `db.${writeOf(step.write, [`return: '${step.return}'`])}`
    case 'mistake':
      if (step.as === 'transaction') return `db.transact((t) => [t.${writeOf(step.write)}])`
      if (step.as === 'batch' && 'entity' in step.write)
        return `db.${step.write.kind}.putMany([${literal(step.write.entity)}])`
      return `db.${writeOf(step.write)}`
    case 'get':
      return `db.${step.kind}.getMany(${literal(step.keys)})`
    case 'putMany':
      return `db.${step.kind}.putMany(${literal(step.entities)})`
    case 'deleteMany':
      return `db.${step.kind}.deleteMany(${literal(step.keys)})`
    case 'read':
      return `${readOf(step.read)}${step.select ? `.select(${step.select.map(literal).join(', ')})` : ''}${takeOf(step.take)}`
    case 'open':
      return `const { cursor } = await ${readOf(step.read)}.page({ size: ${step.size} })`
    case 'next':
      return `// the next page of walk ${step.walk}: .page({ size: ${step.size}, cursor })`
    case 'scan': {
      const { kind, where, segments, budget } = step.scan
      const filter = where === undefined ? '' : `.where(${literal(where)})`
      return `db.${kind}.scan({ allowScan: true, segments: ${segments}${budget === undefined ? '' : `, budget: ${budget}`} })${filter}${takeOf(step.take)}`
    }
    case 'transact': {
      const items = step.writes.map((write) => `t.${writeOf(write)}`).join(', ')
      const token = step.token === undefined ? '' : `, { token: '${step.token}' }`
      return `db.transact((t) => [${items}]${token})${step.again ? ' // sent twice' : ''}`
    }
    case 'transactGet':
      return `db.transactGet((t) => [${step.reads.map(({ kind, key }) => `t.${kind}.get(${literal(key)})`).join(', ')}])`
    case 'wait':
      return `t.clock.advance(${step.milliseconds})`
  }
}

const takeOf = (take: Extract<Step, { readonly do: 'read' | 'scan' }>['take']): string =>
  typeof take === 'number' ? `.page({ size: ${take} }) // and the pages after it` : take === 'walk' ? '' : `.${take}()`

function writeOf(write: StepWrite, options: readonly string[] = []): string {
  const { revision, ...guard } = 'guard' in write ? write.guard : {}
  const argument = 'key' in write ? write.key : write.entity
  const ifRevision =
    revision === 'last' ? `(await db.${write.kind}.get(${literal(argument)}))?.revision ?? 'none'` : `'${revision}'`
  const said = [
    ...(guard.if === undefined ? [] : [`if: ${literal(guard.if)}`]),
    ...(revision === undefined ? [] : [`ifRevision: ${ifRevision}`]),
    ...('orCreate' in write && write.orCreate ? ['orCreate: true'] : []),
    ...options,
  ]
  const changes = 'changes' in write ? [`() => ${literal(write.changes)}`] : []
  const given = [literal(argument), ...changes, ...(said.length === 0 ? [] : [`{ ${said.join(', ')} }`])]
  return `${write.kind}.${write.do}(${given.join(', ')})`
}

function readOf({ accesses, reverse, limit }: StepRead): string {
  const [{ kind, index, partition }] = accesses
  const one = accesses.length === 1
  const from = [...(index === undefined ? [] : [literal(index)]), literal(partition)].join(', ')
  const whole = one
    ? `db.${kind}.query(${from})`
    : `db.collection(${literal(accesses.map((access) => access.kind))}, ${from})`
  const conditions = accesses.flatMap(({ kind, where }) =>
    where === undefined ? [] : [`.where(${one ? '' : `${literal(kind)}, `}${literal(where)})`],
  )
  return [whole, ...conditions, reverse ? '.reverse()' : '', limit === undefined ? '' : `.limit(${limit})`].join('')
}

/**
 * What isomodel's types cost a compiler: instantiations for each entity, beyond imports and Zod's own. Needs a build, since the
 * declarations are measured as published.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sampleTypes } from './budgets/sample-types.mjs'
import { root, run } from './run/processes.mjs'

const { types: budget } = JSON.parse(readFileSync(join(root, 'scripts/budgets.json'), 'utf8'))
const folder = mkdtempSync(join(root, 'test/.types-'))

/** @param {string} program @returns {Promise<number>} */
async function instantiations(program) {
  writeFileSync(join(folder, 'program.ts'), program)
  const options = { noEmit: true, noUnusedLocals: false }
  const config = { extends: '../../tsconfig.base.json', compilerOptions: options, files: ['program.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { code, output } = await run('tsc', ['-p', folder, '--singleThreaded', '--extendedDiagnostics'])
  if (code !== 0) throw new Error(`the sample does not compile:\n${output.split('\n').slice(0, 20).join('\n')}`)
  const [, count] = /^Instantiations:\s+(\d+)/m.exec(output) ?? []
  if (count === undefined) throw new Error(`tsc told no number of instantiations:\n${output}`)
  return Number(count)
}

try {
  const { baseline, full } = sampleTypes(budget.entities)
  const perEntity = Math.round(((await instantiations(full)) - (await instantiations(baseline))) / budget.entities)
  const within = perEntity <= budget.instantiationsPerEntity
  const { instantiationsPerEntity: ceiling, first, decision } = budget
  console.log(`${perEntity} instantiations an entity, ceiling ${ceiling}, first budget ${first} (${decision})`)
  console.log(`${within ? 1 : 0} passed, ${within ? 0 : 1} failed`)
  if (!within) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}

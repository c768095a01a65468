/**
 * The packages as a user gets them: packed, judged by publint and attw, installed from their tarballs into a new project, and
 * used from ES modules, CommonJS, TypeScript (NodeNext and bundler) and a bundle. Needs a build.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { writeConsumers } from './packages/consumers.mjs'
import { judgeContent } from './packages/content.mjs'
import { entriesOf, hasCommonJs, packAll } from './packages/pack.mjs'
import { pnpm } from './run/pnpm.mjs'
import { root, run } from './run/processes.mjs'

let passed = 0
let failed = 0
/** @param {string} title @param {string[]} faults */
const judge = (title, faults) => {
  if (faults.length === 0) passed += 1
  else failed += 1
  console.log(faults.length === 0 ? `ok: ${title}` : `FAILED: ${title}\n  ${faults.join('\n  ')}`)
}

/** @param {string} title @param {string} command @param {string[]} args @param {string} cwd */
const judgeRun = async (title, command, args, cwd) => {
  const { code, output } = await run(command, args, { cwd })
  judge(title, code === 0 ? [] : output.trimEnd().split('\n'))
  return output
}

/** Not `buffer` of what was read: a small file is a part of a larger one. @param {string} file */
const arrayBufferOf = (file) => Uint8Array.from(readFileSync(file)).buffer

const folder = mkdtempSync(join(tmpdir(), 'isomodel-packages-'))
try {
  const packages = await packAll(folder)
  for (const packed of packages) {
    const { name, tarball, manifest } = packed
    judge(`${name}: content`, judgeContent(packed))

    const { messages } = await publint({ pack: { tarball: arrayBufferOf(tarball) }, strict: true })
    judge(
      `${name}: publint`,
      messages.filter(({ type }) => type !== 'suggestion').map((message) => String(formatMessage(message, manifest))),
    )
    // A package of which nothing is imported has no types to be wrong.
    if (entriesOf(packed, 'import').length === 0) continue
    const profile = hasCommonJs(packed) ? 'node16' : 'esm-only'
    await judgeRun(`${name}: attw`, 'attw', [tarball, '--profile', profile, '--no-color', '--no-emoji'], root)
  }

  const project = join(folder, 'consumer')
  mkdirSync(project)
  const uses = writeConsumers(project, root, packages)
  const { code, output } = await pnpm(['install', '--prefer-offline'], { cwd: project })
  judge('installs from the tarballs', code === 0 ? [] : output.trimEnd().split('\n'))
  const esm = await judgeRun('imported', 'node', ['esm/names.js'], project)
  const cjs = await judgeRun('required', 'node', ['cjs/names.js'], project)
  const unlike = cjs.split('\n').filter((line) => !esm.split('\n').includes(line))
  judge('what is required has the names of what is imported', unlike)
  for (const { title, command, args } of uses) await judgeRun(title, command, args, project)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

console.log(`${passed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1

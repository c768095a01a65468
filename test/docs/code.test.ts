import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DocModule, readModules } from './blocks.js'
import { pages, root } from './pages.js'

// Inside test/, where every package can be imported by its name, as in a reader's project.
const folder = mkdtempSync(join(root, 'test/.docs-'))
const modules = pages.flatMap(({ path, text }) => readModules(path, text))
const fileOf = ({ page, line }: DocModule): string => join(folder, `${page.replaceAll('/', '_')}-${line}.ts`)

const program = (command: string, args: string[], cwd: string): Promise<{ ok: boolean; output: string }> =>
  new Promise((done) => {
    execFile(command, args, { cwd, timeout: 60_000 }, (error, stdout, stderr) => {
      done({ ok: error === null, output: stdout + stderr })
    })
  })

const typeCheck = async (): Promise<string[]> => {
  const config = {
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      noEmit: true,
      customConditions: ['isomodel-source'],
      // A page shows what a thing is called, not always what it is for.
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    include: ['*.ts', '../../scripts/lua.d.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { output } = await program(join(root, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], root)
  return output.split('\n').filter((line) => line !== '')
}

describe('code in the docs', () => {
  let errors: string[] = []
  let elsewhere = ''

  beforeAll(async () => {
    for (const module of modules) writeFileSync(fileOf(module), module.code)
    errors = await typeCheck()
    elsewhere = mkdtempSync(join(tmpdir(), 'isomodel-docs-'))
  })
  afterAll(() => {
    for (const used of [folder, elsewhere]) rmSync(used, { recursive: true, force: true })
  })

  test('no error lies outside the pages', () => {
    const known = modules.map((module) => relative(root, fileOf(module)))
    expect(errors.filter((error) => /^\S/.test(error) && !known.some((file) => error.startsWith(file)))).toEqual([])
  })

  for (const module of modules) {
    const { page, line, runs } = module
    test(`${page}:${line} type-checks`, () => {
      const prefix = relative(root, fileOf(module))
      expect(errors.filter((error) => error.startsWith(`${prefix}(`))).toEqual([])
    })
    if (!runs) continue
    test(`${page}:${line} runs`, async () => {
      const register = pathToFileURL(join(root, 'scripts/source/register.mjs')).href
      const args = ['--conditions=isomodel-source', '--import', register, fileOf(module)]
      const { ok, output } = await program(process.execPath, args, elsewhere)
      expect({ ok, output: ok ? '' : output }).toEqual({ ok: true, output: '' })
    })
  }
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { luaModule, readLua } from '../source/lua.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isomodel-lua-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

test('an include is inserted once, where it is first mentioned, also through others', () => {
  const inner = write('inner.lua', 'local function inner() end\n')
  const outer = write('outer.lua', '--- @include "inner"\nlocal function outer() end\n')
  const main = write('main-1.lua', '--- @include "outer"\n--- @include "inner.lua"\nreturn 1\n')
  const { text, files } = readLua(main)
  expect(text).toBe('local function inner() end\nlocal function outer() end\n\nreturn 1\n')
  expect(files).toEqual([main, outer, inner])
})

test('replacement patterns in a script are text', () => {
  write('inner.lua', "local pattern = '$& $1 $$'\n")
  expect(readLua(write('main-1.lua', '--- @include "inner"\n')).text).toBe("local pattern = '$& $1 $$'\n")
})

test('comments and indentation become empty, strings and the first line stay', () => {
  const text = '#!lua\n-- why\nif x then\n  --- how\n  return "-- a" -- b\nend\n'
  expect(readLua(write('main-1.lua', text)).text).toBe('#!lua\n\nif x then\n\nreturn "-- a" -- b\nend\n')
})

test('long brackets, which could hold what looks like a comment, are refused', () => {
  const main = write('main-1.lua', 'return [[\n-- not a comment\n]]\n')
  expect(() => readLua(main)).toThrow(`${main}: a string or comment in [[ ]] cannot be told from code here`)
})

test('what a script holds survives as a module', async () => {
  const text = 'return "a\\n\u2028é😀`\'"\n'
  const code = luaModule(write('main-1.lua', text))
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { default: string }
  expect(module.default).toBe(text)
})

test('a missing include names the file that wants it', () => {
  const main = write('main-1.lua', '--- @include "absent"\n')
  expect(() => readLua(main)).toThrow(`${main}: cannot read the Lua script ${join(folder, 'absent.lua')}`)
})

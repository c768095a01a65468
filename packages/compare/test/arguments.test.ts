import { expect, it } from 'vitest'
import { readArguments, UsageError } from '../src/command/arguments.js'
import { runComparison } from '../src/command/run.js'

it('has defaults for everything', () => {
  expect(readArguments([])).toEqual({
    stores: ['dynamodb', 'mongodb', 'redis', 'valkey', 'memory'],
    size: 'medium',
    seed: 1,
    out: 'report.html',
    json: false,
    help: false,
    version: false,
  })
})

it('reads what is given', () => {
  const argv = ['--stores', 'memory, redis,redis', '--size=small', '--seed', '7', '--out', 'a b.html', '--json']
  expect(readArguments(argv)).toMatchObject({
    stores: ['redis', 'memory'],
    size: 'small',
    seed: 7,
    out: 'a b.html',
    json: true,
  })
})

it.each([
  [['--sise', 'small'], "Unknown option '--sise'"],
  [['small'], "Unexpected argument 'small'"],
  [['--size'], "Option '--size <value>' argument missing"],
  [['--json=yes'], "Option '--json' does not take an argument"],
  [['--size', 'huge'], '--size is "huge"; it takes small, medium, large'],
  [['--size', 'constructor'], '--size is "constructor"; it takes small, medium, large'],
  [['--stores', 'redis,casandra'], '--stores has no "casandra"; it takes dynamodb, mongodb, redis, valkey, memory'],
  [['--stores', ''], '--stores has no ""'],
  [['--seed', '-1'], '--seed'],
  [['--seed', '1.5'], '--seed is "1.5"; it takes a whole number from 0 to 4294967295'],
  [['--seed', '4294967296'], '--seed is "4294967296"'],
  [['--out', ' '], '--out is empty'],
])('refuses %j', async (argv, message) => {
  expect(() => readArguments(argv)).toThrow(UsageError)
  expect(() => readArguments(argv)).toThrow(message)
  const said = { out: '', error: '' }
  const code = await runComparison(argv, {
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.error += text) },
  })
  expect(code).toBe(2)
  expect(said.error).toContain(message)
  expect(said.out).toBe('')
})

it.each([
  ['/nonexistent/x.html', 'there is no folder /nonexistent; create it first'],
  [`${import.meta.filename}/x.html`, `there is no folder ${import.meta.filename}; create it first`],
  [import.meta.dirname, 'it is a folder; name a file in it'],
])('refuses --out %s before it runs', async (out, reason) => {
  const said = { out: '', error: '' }
  const code = await runComparison(['--stores', 'memory', '--out', out], {
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.error += text) },
  })
  expect(code).toBe(2)
  expect(said.error).toBe(
    `isomodel compare: --out is "${out}", which cannot be written: ${reason}\nSee isomodel compare --help\n`,
  )
})

it('helps', async () => {
  let said = ''
  const terminal = { write: (text: string) => (said += text) }
  expect(await runComparison(['--help'], { stdout: terminal, stderr: terminal })).toBe(0)
  for (const option of ['--stores', '--size', '--seed', '--out', '--json', '--version']) expect(said).toContain(option)
})

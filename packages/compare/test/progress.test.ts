import { expect, it } from 'vitest'
import { TerminalProgress } from '../src/terminal/progress.js'

it('draws one changing line on a terminal, notes above it', () => {
  let text = ''
  const progress = new TerminalProgress({ isTTY: true, columns: 20, write: (part) => (text += part) })
  progress.at('redis: a very long name of an operation', 0.5)
  progress.note('said')
  progress.end()
  const erase = '\r\u001b[2K'
  const line = ' 50 %  redis: a ver'
  expect(text).toBe(`${erase}${line}${erase}said\n${line}${erase}`)
})

it('writes plain lines elsewhere, one in five seconds', () => {
  let text = ''
  let now = 0
  const progress = new TerminalProgress({ write: (part) => (text += part) }, () => now)
  progress.at('a', 0)
  now = 4_999
  progress.at('b', 0.1)
  now = 5_000
  progress.at('c', 0.2)
  progress.note('said')
  progress.end()
  expect(text).toBe('  0 %  a\n 20 %  c\nsaid\n')
})

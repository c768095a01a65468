import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { pages, root } from './pages.js'

/** As GitHub makes it of a heading. */
const anchor = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')

const anchors = (text: string): Set<string> =>
  new Set([...text.matchAll(/^#+\s+(.*)$/gm)].map(([, heading = '']) => anchor(heading)))

const withoutCode = (text: string): string =>
  text.replace(/^(\s*`{3,}).*?\n[\s\S]*?^\1\s*$/gm, '').replace(/`[^`\n]*`/g, '')

test.each(pages.map(({ path, text }) => [path, text]))('every link in %s leads somewhere', (path, text) => {
  const dead = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = '', fragment] = target.split('#')
      const linked = file === '' ? path : join(dirname(path), file)
      if (!existsSync(join(root, linked))) return true
      if (fragment === undefined) return false
      return !anchors(pages.find((page) => page.path === linked)?.text ?? '').has(fragment)
    })
  expect(dead).toEqual([])
})

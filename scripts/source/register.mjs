/**
 * Runs the workspace's TypeScript as it is, for programs outside Vitest (benchmarks, examples, blocks of the docs):
 *
 *     node --conditions=isomodel-source --import ./scripts/source/register.mjs program.ts
 *
 * Node strips the types itself. Two things are added: a relative import that ends in `.js` finds the `.ts` beside it, and
 * a `.lua` file is a module whose default export is its text.
 */
import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { luaModule } from './lua.mjs'

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.startsWith('file:')) {
      const typescript = new URL(`${specifier.slice(0, -3)}.ts`, context.parentURL)
      const javascript = new URL(specifier, context.parentURL)
      if (!existsSync(javascript) && existsSync(typescript)) return nextResolve(typescript.href, context)
    }
    return nextResolve(specifier, context)
  },
  load(url, context, nextLoad) {
    if (!url.endsWith('.lua')) return nextLoad(url, context)
    return { format: 'module', source: luaModule(fileURLToPath(url)), shortCircuit: true }
  },
})

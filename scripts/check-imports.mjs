/**
 * The direction of imports between packages (docs/decisions/0003): adapters know core, core knows nobody, the testkit knows no
 * adapter, packages meet by name only, and what src imports is declared in package.json.
 */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readModule } from './imports/read.mjs'
import { judge } from './imports/rules.mjs'

const refusals = []
let files = 0
for (const folder of readdirSync('packages')) {
  const root = join('packages', folder)
  if (!existsSync(join(root, 'package.json'))) continue
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const file of globSync('{src,test,bench}/**/*.{ts,mts,cts,js,mjs,cjs}', { cwd: root })) {
    files += 1
    refusals.push(...judge(folder, file, readModule(file, readFileSync(join(root, file), 'utf8')), manifest))
  }
}

for (const refusal of refusals) console.error(refusal)
console.log(`${files} files, ${refusals.length} refused imports`)
if (refusals.length > 0) process.exitCode = 1

/**
 * Builds the package in the current folder: `dist/esm` and `dist/cjs`, each with its own declarations.
 *
 * Every exported thing needs its type written down (`isolatedDeclarations`), except with `--inferred-declarations`: for a package
 * that declares entities, whose types only inference can give.
 *
 * One file is written for each source file. Bundling would save little (an application bundles anyway) and cost much:
 * a bundler renames classes, which shows in errors, and an entry such as `./driver` would need chunks to share them.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { luaModule, readLua } from './source/lua.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const folder = process.cwd()
/** Takes the place of `dist` when it is whole: whoever loads the package meanwhile finds the build before. */
const staging = join(folder, `dist.${process.pid}`)
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** @param {string} reason @returns {never} */
function refuse(reason) {
  console.error(`${manifest.name}: ${reason}`)
  process.exit(1)
}

/** The source files that package.json promises to an importer. @returns {string[]} */
const entries = () =>
  Object.values(manifest.exports ?? {}).flatMap((/** @type {any} */ target) => target['isomodel-source'] ?? [])

/** Whether a `require` may load it; a package that only `import` loads has no second format. @returns {boolean} */
const isRequired = () =>
  Object.values(manifest.exports ?? {}).some((/** @type {any} */ target) => target.require !== undefined)

/** The source files of its commands. @returns {string[]} */
const programs = () =>
  Object.values(manifest.bin ?? {}).map((file) => file.replace(/^\.\/dist\/esm\/(.*)\.js$/, './src/$1.ts'))

/** @param {string} folder @param {string} suffix @returns {string[]} paths relative to the folder */
const filesOf = (folder, suffix) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(suffix))

/** @param {'esm' | 'cjs'} format */
async function transpile(format) {
  const out = join(staging, format)
  await build({
    config: false,
    entry: ['src/**/*.ts', '!src/**/*.d.ts'],
    bundle: false,
    splitting: false,
    format: [format],
    outDir: out,
    outExtension: () => ({ js: '.js' }),
    target: 'node22',
    platform: 'node',
    tsconfig: join(root, 'tsconfig.base.json'),
    sourcemap: true,
    clean: false,
    silent: true,
  })

  for (const file of filesOf(out, '.js')) {
    const code = readFileSync(join(out, file), 'utf8')
    const linked = code.replace(/((?:from |require\()"(\.[^"\n]*\.lua))"/g, (_, before, specifier) => {
      writeScript(join(dirname(file), specifier), format)
      return `${before}.js"`
    })
    if (linked !== code) writeFileSync(join(out, file), linked)
  }
}

/**
 * A Lua script becomes a module beside the one that imports it. One that is only included needs none.
 *
 * @param {string} script relative to src
 * @param {'esm' | 'cjs'} format
 */
function writeScript(script, format) {
  const source = join(folder, 'src', script)
  const target = join(staging, format, `${script}.js`)
  const cjs = `module.exports = ${JSON.stringify(readLua(source).text)}\n`
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, format === 'esm' ? luaModule(source) : cjs)
}

function declare() {
  const config = join(staging, 'tsconfig.json')
  /** @param {string} path */
  const within = (path) => relative(dirname(config), join(root, path))
  const options = {
    extends: within('tsconfig.base.json'),
    compilerOptions: {
      declaration: true,
      emitDeclarationOnly: true,
      isolatedDeclarations: !process.argv.includes('--inferred-declarations'),
      noEmitOnError: true,
      rootDir: '../src',
      declarationDir: './esm',
      typeRoots: [within('node_modules/@types')],
    },
    include: ['../src', within('scripts/lua.d.ts')],
  }
  writeFileSync(config, JSON.stringify(options))
  const { status, error } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', config], { stdio: 'inherit' })
  rmSync(config)
  if (error) throw error
  if (status !== 0) refuse('no declarations were written, for the reasons above')
}

const sources = [...entries(), ...programs()]
if (sources.length === 0) {
  refuse('nothing is exported: give an export in package.json an "isomodel-source" condition')
}
for (const source of sources) {
  if (!existsSync(join(folder, source))) refuse(`package.json exports ${source}, which does not exist`)
}

process.once('exit', () => rmSync(staging, { recursive: true, force: true }))
mkdirSync(join(staging, 'esm'), { recursive: true })
await transpile('esm')
declare()
if (isRequired()) {
  await transpile('cjs')
  writeFileSync(join(staging, 'cjs/package.json'), '{ "type": "commonjs" }\n')
  for (const file of filesOf(join(staging, 'esm'), '.d.ts')) {
    cpSync(join(staging, 'esm', file), join(staging, 'cjs', file))
  }
}
rmSync(join(folder, 'dist'), { recursive: true, force: true })
renameSync(staging, join(folder, 'dist'))

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { entriesOf } from './pack.mjs'
import { commonJs, esModule, typeScript } from './sample-program.mjs'

/** @typedef {import('./pack.mjs').Packed} Packed */
/** @typedef {{ title: string, command: string, args: string[] }} Use one way to use the packages, run in the project's folder */

/** Declarations are checked too: a user's compiler may. */
const STRICT = {
  target: 'ES2023',
  lib: ['ES2023', 'ESNext.Disposable', 'ESNext.Collection'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
}

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

/**
 * Writes a project as a user has it: every package installed from its tarball, beside its peers, and programs of each kind.
 *
 * @param {string} folder
 * @param {string} root of the workspace, which knows the versions of peers and tools
 * @param {Packed[]} packages
 * @returns {Use[]}
 */
export function writeConsumers(folder, root, packages) {
  /** @param {string} file @param {string | object} content */
  const write = (file, content) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
  const { devDependencies } = readJson(join(root, 'package.json'))
  const { dependencies } = readJson(join(root, 'test/package.json'))
  const tarballs = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]))
  const peers = packages
    .flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}))
    .filter((name) => !(name in tarballs))
  const others = packages
    .flatMap(({ manifest }) => Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }))
    .filter((name) => !(name in tarballs))

  const versions = [...peers, 'typescript', '@types/node', 'esbuild'].map((name) => [
    name,
    dependencies[name] ?? devDependencies[name],
  ])
  write('package.json', {
    name: 'consumer',
    private: true,
    dependencies: { ...Object.fromEntries(versions), ...tarballs },
  })
  write('pnpm-workspace.yaml', {
    packages: ['.'],
    overrides: tarballs,
    allowBuilds: { esbuild: true, 'cpu-features': false, protobufjs: false, ssh2: false },
  })

  const imported = packages.flatMap((packed) => entriesOf(packed, 'import'))
  const required = packages.flatMap((packed) => entriesOf(packed, 'require'))
  write('esm/package.json', { type: 'module' })
  write('esm/names.js', esModule.names(imported))
  write('esm/sample.js', esModule.sample)
  write('cjs/package.json', { type: 'commonjs' })
  write('cjs/names.js', commonJs.names(required))
  write('cjs/sample.js', commonJs.sample)

  write('nodenext/package.json', { type: 'module' })
  write('nodenext/names.ts', typeScript.names(imported))
  write('nodenext/names-required.cts', typeScript.names(required))
  for (const file of ['sample.ts', 'sample-required.cts']) write(`nodenext/${file}`, typeScript.sample)
  write('nodenext/tsconfig.json', { compilerOptions: { ...STRICT, module: 'NodeNext', moduleResolution: 'NodeNext' } })

  write('bundler/package.json', { type: 'module' })
  write('bundler/names.ts', typeScript.names(imported))
  write('bundler/sample.ts', typeScript.sample)
  write('bundler/tsconfig.json', { compilerOptions: { ...STRICT, module: 'ESNext', moduleResolution: 'Bundler' } })
  const bundling = ['--bundle', '--platform=node', '--format=esm', '--outdir=bundler/out', '--log-level=warning']

  return [
    { title: 'a program of ES modules', command: 'node', args: ['esm/sample.js'] },
    { title: 'a program of CommonJS', command: 'node', args: ['cjs/sample.js'] },
    { title: 'TypeScript, NodeNext, from ES modules and CommonJS', command: 'tsc', args: ['-p', 'nodenext'] },
    { title: 'TypeScript, for a bundler', command: 'tsc', args: ['-p', 'bundler'] },
    {
      title: 'esbuild bundles them',
      command: 'esbuild',
      args: ['bundler/names.ts', 'bundler/sample.ts', ...bundling, ...others.map((name) => `--external:${name}`)],
    },
    { title: 'the bundle runs', command: 'node', args: ['bundler/out/sample.js'] },
  ]
}

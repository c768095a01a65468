import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** @typedef {import('./pack.mjs').Packed} Packed */

/** @param {Packed} packed @returns {string[]} what a program may import: `@isomodel/core`, `@isomodel/core/driver` */
const entriesOf = ({ name, manifest }) =>
  Object.keys(manifest.exports ?? {})
    .filter((key) => key !== './package.json')
    .map((key) => join(name, key))

/**
 * A project that has every package installed from its tarball, beside their peers, as a user has them.
 *
 * @param {string} folder
 * @param {string} root of the workspace, for the versions of tools
 * @param {Packed[]} packages
 * @returns {Consumer[]}
 *
 * @typedef {{ title: string, command: string, args: string[] }} Consumer
 */
export function writeConsumers(folder, root, packages) {
  /** @param {string} file @param {string | object} content */
  const write = (file, content) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { dependencies: clients } = JSON.parse(readFileSync(join(root, 'test/package.json'), 'utf8'))
  const tarballs = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]))
  const peers = packages.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}))
  const tools = ['typescript', '@types/node', 'esbuild']

  write('package.json', {
    name: 'consumer',
    private: true,
    dependencies: {
      ...Object.fromEntries(peers.map((name) => [name, clients[name]])),
      ...Object.fromEntries(tools.map((name) => [name, devDependencies[name]])),
      ...tarballs,
    },
  })
  write('pnpm-workspace.yaml', {
    packages: ['.'],
    overrides: tarballs,
    allowBuilds: { esbuild: true, 'cpu-features': false, protobufjs: false, ssh2: false },
  })

  const vendors = packages
    .flatMap(({ manifest }) => Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }))
    .filter((name) => !name.startsWith('@isomodel/'))
  const entries = packages.flatMap(entriesOf)
  const names = JSON.stringify(entries)
  write('esm/package.json', { type: 'module' })
  write(
    'esm/main.js',
    `for (const entry of ${names}) console.log(entry, Object.keys(await import(entry)).sort().join())\n`,
  )
  write('cjs/package.json', { type: 'commonjs' })
  write(
    'cjs/main.js',
    `const own = (entry) => Object.keys(require(entry)).filter((key) => key !== '__esModule')
for (const entry of ${names}) console.log(entry, own(entry).sort().join())\n`,
  )

  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}'`)
  const uses = `console.log(${entries.map((entry, index) => `'${entry}', Object.keys(entry${index}).length > 0`).join(', ')})`
  const program = `${imports.join('\n')}\n${uses}\n`
  write('nodenext/package.json', { type: 'module' })
  write('nodenext/from-esm.ts', program)
  write('nodenext/from-cjs.cts', program)
  write('nodenext/tsconfig.json', { compilerOptions: { ...strict, module: 'NodeNext', moduleResolution: 'NodeNext' } })
  write('bundler/package.json', { type: 'module' })
  write('bundler/main.ts', program)
  write('bundler/tsconfig.json', { compilerOptions: { ...strict, module: 'ESNext', moduleResolution: 'Bundler' } })

  return [
    { title: 'TypeScript, NodeNext, from ESM and CommonJS', command: 'tsc', args: ['-p', 'nodenext'] },
    { title: 'TypeScript, for a bundler', command: 'tsc', args: ['-p', 'bundler'] },
    {
      title: 'esbuild bundles it',
      command: 'esbuild',
      args: [
        'bundler/main.ts',
        '--bundle',
        '--platform=node',
        '--format=esm',
        ...vendors.map((name) => `--external:${name}`),
        '--outfile=bundler/out.js',
        '--log-level=warning',
      ],
    },
    { title: 'the bundle runs', command: 'node', args: ['bundler/out.js'] },
  ]
}

/** Declarations are checked too: a user's compiler may. */
const strict = {
  target: 'ES2023',
  lib: ['ES2023', 'ESNext.Disposable', 'ESNext.Collection'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
}

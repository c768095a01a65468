import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} Packed
 * @property {string} name
 * @property {string} tarball absolute path
 * @property {string[]} files paths inside the package
 * @property {any} manifest the package.json as published
 * @property {(file: string) => string} read the text of one of its files
 */

/**
 * Packs every package as it would be published.
 *
 * @param {string} root of the workspace
 * @param {string} into an empty folder
 * @returns {Packed[]}
 */
export function packAll(root, into) {
  return readdirSync(join(root, 'packages')).map((folder) => {
    const tarball = join(into, `${folder}.tgz`)
    execFileSync('npx', ['--yes', '--prefer-offline', 'pnpm@12', 'pack', '--silent', '--out', tarball], {
      cwd: join(root, 'packages', folder),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const content = join(into, folder)
    execFileSync('mkdir', ['-p', content])
    execFileSync('tar', ['-xzf', tarball, '-C', content])
    const files = readdirSync(join(content, 'package'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(content, 'package').length + 1))
    /** @param {string} file */
    const read = (file) => readFileSync(join(content, 'package', file), 'utf8')
    const manifest = JSON.parse(read('package.json'))
    return { name: manifest.name, tarball, files, manifest, read }
  })
}

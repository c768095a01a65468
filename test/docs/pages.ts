import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = resolve(fileURLToPath(import.meta.url), '../../..')

export interface Page {
  /** Relative to the workspace's root. */
  readonly path: string
  readonly text: string
}

/** Every page that a reader may meet. */
export const pages: readonly Page[] = ['*.md', 'docs/**/*.md', 'packages/*/*.md', 'examples/**/*.md', '.changeset/*.md']
  .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: ['**/node_modules/**'] }))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

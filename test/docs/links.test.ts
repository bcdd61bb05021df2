import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../src/root.ts'

/** What is installed, built or made by running is not ours to hold to this. */
const ours = (path: string) =>
  path === 'examples/data' || !/(^|\/)(node_modules|dist|data|coverage|\.[^/]+)$/.test(path)

function markdownBelow(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ours(path) ? markdownBelow(path) : []
    return entry.name.endsWith('.md') ? [path] : []
  })
}

/** Templates hold links of their own, which are no paths. */
const files = markdownBelow('.').filter((path) => !path.startsWith('templates/'))

/** GitHub's anchors: lower case, punctuation away, blanks as hyphens. */
const anchorsOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

describe('the documents', () => {
  it('are found', () => {
    expect(files).toEqual(expect.arrayContaining(['README.md', 'docs/concepts.md', 'docs/adr/README.md']))
  })

  it.each(files)('%s links only to what is there', (file) => {
    const text = readFileSync(join(packageRoot, file), 'utf8').replace(/^```[\s\S]*?^```/gm, '')
    const broken = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)].flatMap(([, target]) => {
      const [path = '', anchor] = target!.split('#')
      const full = path === '' ? join(packageRoot, file) : join(packageRoot, dirname(file), path)
      if (!existsSync(full)) return [target]
      if (anchor !== undefined && !anchorsOf(readFileSync(full, 'utf8')).includes(anchor)) return [target]
      return []
    })
    expect(broken).toEqual([])
  })

  it.each(files)('%s names only files of the project that are there', (file) => {
    const text = readFileSync(join(packageRoot, file), 'utf8')
    const named = [
      ...text.matchAll(/`((?:src|channels|campaigns|templates|test|docs|scripts|examples|bench)\/[\w./-]+)`/g),
    ]
    expect(named.map(([, path]) => path!).filter((path) => !existsSync(join(packageRoot, path)))).toEqual([])
  })

  it('keep their pictures below 300 kB', () => {
    const folder = join(packageRoot, 'docs/images')
    const heavy = readdirSync(folder).filter((name) => readFileSync(join(folder, name)).length > 300_000)
    expect(heavy).toEqual([])
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../src/root.ts'
import { campaignStates } from '../../src/segment/rule.ts'
import * as words from '../../src/words.ts'

const page = readFileSync(join(packageRoot, 'docs/concepts.md'), 'utf8').replaceAll(
  /In\s+the\s+code:\s+/g,
  'In the code: ',
)

/** The words each vocabulary is documented with, by its name in the code: the table after the name. */
function documented(): Map<string, string[]> {
  const found = new Map<string, string[]>()
  let current: string[] | undefined
  for (const line of page.split('\n')) {
    if (line.startsWith('#')) current = undefined
    const name = /In the code: `(\w+)`/.exec(line)?.[1]
    if (name !== undefined) {
      current = []
      found.set(name, current)
    }
    const word = /^\| `([^`]+)` \|/.exec(line)?.[1]
    if (word !== undefined) current?.push(word)
  }
  return found
}

const vocabularies = Object.entries({ ...words, campaignStates })

describe('the concepts page', () => {
  it('finds the vocabularies it is held against', () => {
    expect(vocabularies.map(([name]) => name)).toContain('deliveryStatuses')
    expect(vocabularies.length).toBeGreaterThan(15)
  })

  it.each(vocabularies)('defines every word of %s, and no other', (name, list) => {
    expect(documented().get(name)?.toSorted()).toEqual([...list].toSorted())
  })

  it('says something of every word', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    expect(rows.filter((row) => row.split('|').length !== 5)).toEqual([])
    const known = new Set(
      Object.values(words)
        .flat()
        .map((word) => `| \`${word}\` |`),
    )
    const mute = rows.filter(
      (row) => row.split('|')[3]?.trim() === '' && ![...known].some((start) => row.startsWith(start)),
    )
    expect(mute).toEqual([])
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../src/root.ts'

const folder = join(packageRoot, 'docs/adr')
const records = readdirSync(folder).filter((name) => name !== 'README.md')
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('the decision records', () => {
  it('are each listed by number and title', () => {
    const listed = [...read('README.md').matchAll(/^\| \[(\d{4})\]\((\S+)\) \|/gm)].map(([, number, file]) => {
      expect(file).toMatch(new RegExp(`^${number}-`))
      return file
    })
    expect(listed).toEqual(records.toSorted())
  })

  it.each(records)('%s says context, decision and consequences, under its own number', (name) => {
    const text = read(name)
    expect(text).toMatch(new RegExp(`^# ${name.slice(0, 4)} \\S`))
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      'Context',
      'Decision',
      'Consequences',
    ])
  })

  it('say what every direct dependency is for, and name no other', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
      devDependencies: Record<string, string>
    }
    const rows = read('0003-dependencies.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
    const named = rows.flatMap((row) => [...row.split(' | ')[0]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name))
    expect(named.toSorted()).toEqual([...Object.keys(dependencies), ...Object.keys(devDependencies)].toSorted())
  })
})

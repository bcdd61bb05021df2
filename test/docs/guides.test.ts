import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { campaignDefinition } from '../../src/campaign/definition.ts'
import { parseCampaign } from '../../src/campaign/parse.ts'
import { loadTemplates } from '../../src/campaign/templates.ts'
import { attributeName, isTarget, proposeColumns, targets } from '../../src/network/import/columns.ts'
import { frontMatterKeys } from '../../src/render/check.ts'
import { baseFields } from '../../src/render/values.ts'
import { packageRoot } from '../../src/root.ts'
import { parseSegments } from '../../src/segment/parse.ts'
import { conditionNames, rulesWithin, segmentRule } from '../../src/segment/rule.ts'
import { fencesOf } from './fences.ts'

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8')
const yamlIn = (path: string) =>
  fencesOf(read(path))
    .filter((fence) => fence.language === 'yaml')
    .map((fence) => fence.text)

const segments = parseSegments(read('campaigns/segments.yaml'), 'campaigns/segments.yaml')
const context = {
  file: 'example.yaml',
  segments: new Set(Object.keys(segments)),
  templates: loadTemplates(),
  now: new Date('2026-11-23T09:00:00Z'),
  network: { timezone: 'Europe/Paris' },
}

describe('the guide to campaigns', () => {
  const guide = read('docs/guides/campaigns.md')
  const [campaign, rule, segment] = yamlIn('docs/guides/campaigns.md') as [string, string, string]

  it('shows a campaign that is accepted', () => {
    expect(parseCampaign(campaign, context)).toMatchObject({ name: 'portes-ouvertes' })
  })

  it('shows rules that are accepted, with every kind of condition', () => {
    const parsed = segmentRule.parse(parse(rule))
    const shown = [...rulesWithin(parsed)].flatMap((part) => (typeof part === 'string' ? [] : Object.keys(part)))
    expect(shown).toEqual(expect.arrayContaining(conditionNames))
    expect(Object.keys(parseSegments(segment, 'segments.yaml', Object.keys(segments)))).toEqual(['grands-comptoirs'])
  })

  it('explains every key of a campaign and of a step', () => {
    const explained = new Set([...guide.matchAll(/`(\w+)`/g)].map(([, key]) => key))
    const step = campaignDefinition.shape.steps.element
    const stepKeys = Object.keys(step.in.shape).filter((key) => key !== 'purpose')
    expect([...Object.keys(campaignDefinition.shape), ...stepKeys].filter((key) => !explained.has(key))).toEqual([])
  })

  it('names every field and every front matter key of a template', () => {
    const leaves = baseFields
      .map((field) => field.replace('.*', '').split('.').at(-1)!)
      .filter((field) => !['asksAcknowledgement', 'asksReply', 'lines', 'link', 'site'].includes(field))
    expect(leaves.filter((field) => !guide.includes(field))).toEqual([])
    const keys = Object.values(frontMatterKeys).flat()
    expect(keys.filter((key) => !guide.includes(`\`${key}`))).toEqual([])
  })
})

describe('the guide to importing', () => {
  const guide = read('docs/guides/importing.md')
  const rows = [...guide.matchAll(/^\| `([\w.]+)` \| (.+) \|$/gm)].map(([, target, headers]) => ({
    target: target!,
    headers: headers!.split(/[:;]/)[0]!.split(', '),
  }))
  const columns = rows.filter(({ target }) => (targets as readonly string[]).includes(target))

  it('names every meaning a column can have', () => {
    expect(columns.map(({ target }) => target).toSorted()).toEqual([...targets].toSorted())
  })

  it.each(columns.filter(({ target }) => target !== 'ignore'))('$target is recognised by the headers shown', (row) => {
    for (const header of row.headers) expect(proposeColumns([header])[0]?.target, header).toBe(row.target)
  })

  it('shows a mapping that is accepted', () => {
    const mapping = parse(yamlIn('docs/guides/importing.md')[0]!) as Record<string, string>
    expect(Object.values(mapping).every(isTarget)).toBe(true)
    expect(attributeName('CA N-1')).toBe('ca_n_1')
  })
})

describe('the README', () => {
  it('shows a campaign that is accepted', () => {
    expect(parseCampaign(yamlIn('README.md')[0]!, context)).toMatchObject({ name: 'pilote-reunion' })
  })
})

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { CampaignProblems } from '../../src/campaign/problems.ts'
import { durationMs } from '../../src/segment/duration.ts'
import { explainRule } from '../../src/segment/explain.ts'
import { unfoldIssues } from '../../src/segment/issues.ts'
import { type ContactFacts, matches } from '../../src/segment/matches.ts'
import { needsOf } from '../../src/segment/needs.ts'
import { parseSegments } from '../../src/segment/parse.ts'
import {
  conditionNames,
  findCycle,
  inDependencyOrder,
  type SegmentRule,
  segmentNames,
  segmentRule,
  statesOf,
} from '../../src/segment/rule.ts'

const now = new Date('2027-01-11T08:30:00Z')
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000)
const ana: ContactFacts = {
  contactId: 'ana',
  profile: 'sales',
  language: 'fr',
  attributes: { metier: 'Électricien', points: 12, vip: true, empty: '', since: '01/03/2021', until: '1/3/2027' },
  site: { typology: 'Agence', tier: 'Or', region: 'FR-67', area: 'Est', attributes: { seats: 40, city: 'Strasbourg' } },
  segments: new Set(['vendeurs']),
  states: new Set(['opened', 'acted', 'registered']),
  engagement: { overall: 'warm', byChannel: { email: 'hot', sms: 'dormant' } },
  events: [
    { type: 'click', at: ago(40), campaign: 'grand-nord', step: 'teaser' },
    { type: 'click', at: ago(3), campaign: 'grand-nord', step: 'launch' },
    { type: 'reply', at: ago(1) },
  ],
  reachable: new Set(['email', 'intranet']),
  consents: { email: 'granted' },
  lastActivityAt: ago(20),
  isActive: true,
  standings: new Map([
    [
      'grand-nord',
      { person: { points: 250, tier: 'argent', reached: ['bronze', 'argent'] }, outlet: { points: 40, reached: [] } },
    ],
  ]),
  atSite: [],
  now,
}
const bob: ContactFacts = { ...ana, contactId: 'bob', profile: 'counter', events: [], lastActivityAt: undefined }
const shop = [ana, bob]
for (const person of shop) person.atSite = shop

describe('a rule holds or not', () => {
  test.each<[SegmentRule, boolean]>([
    ['vendeurs', true],
    ['others', false],
    ['registered', true],
    ['started', false],
    [{ segment: 'vendeurs' }, true],
    [{ not: 'registered' }, false],
    [{ all: ['vendeurs', { not: 'started' }] }, true],
    [{ any: ['others', { profile: 'owner' }] }, false],
    [{ profile: ['sales', 'owner'] }, true],
    [{ typology: 'agence' }, true],
    [{ tier: ['Argent', 'Bronze'] }, false],
    [{ region: 'FR-67' }, true],
    [{ challenge: { campaign: 'grand-nord', reaches: 'bronze' } }, true],
    [{ challenge: { campaign: 'grand-nord', reaches: 'or' } }, false],
    [{ challenge: { campaign: 'grand-nord', tier: ['bronze', 'or'] } }, false],
    [{ challenge: { campaign: 'grand-nord', tier: 'Argent' } }, true],
    [{ challenge: { campaign: 'grand-nord', of: 'outlet', reaches: 'bronze' } }, false],
    [{ challenge: { campaign: 'grand-nord', of: 'outlet', points: { min: 40, max: 40 } } }, true],
    [{ challenge: { campaign: 'grand-nord', points: { max: 249 } } }, false],
    [{ challenge: { campaign: 'other', points: { min: 0 } } }, false],
    [{ area: ['est', 'Nord'] }, true],
    [{ area: 'Sud' }, false],
    [{ language: 'en' }, false],
    [{ site: { name: 'seats', above: 39 } }, true],
    [{ site: { name: 'seats', above: 40 } }, false],
    [{ site: { name: 'city', in: ['Colmar', 'STRASBOURG'] } }, true],
    [{ attribute: { name: 'metier', is: 'electricien' } }, true],
    [{ attribute: { name: 'points', is: '12' } }, true],
    [{ attribute: { name: 'points', below: 12 } }, false],
    [{ attribute: { name: 'metier', above: 1 } }, false],
    [{ attribute: { name: 'vip', above: 0 } }, false],
    [{ attribute: { name: 'empty', exists: true } }, false],
    [{ attribute: { name: 'unknown', exists: false } }, true],
    [{ attribute: { name: 'constructor', exists: true } }, false],
    [{ engagement: ['hot', 'warm'] }, true],
    [{ engagement: 'hot', channel: 'email' }, true],
    [{ engagement: 'new', channel: 'print' }, true],
    [{ event: { type: 'click' } }, true],
    [{ event: { type: 'click', count: { min: 2 } } }, true],
    [{ event: { type: 'click', count: { min: 2 }, within: 'P30D' } }, false],
    [{ event: { type: 'click', campaign: 'grand-nord', step: 'launch' } }, true],
    [{ event: { type: 'click', campaign: 'grand-sud' } }, false],
    [{ event: { type: 'scan', count: { max: 0 } } }, true],
    [{ event: { type: 'click', count: { max: 1 } } }, false],
    [{ event: { type: 'reply', within: 'P1D' } }, false],
    [{ event: { type: 'reply', within: 'PT25H' } }, true],
    [{ reachable: 'email' }, true],
    [{ reachable: 'sms' }, false],
    [{ consent: 'granted', channel: 'email' }, true],
    [{ consent: ['denied', 'unstated'], channel: 'sms' }, true],
    [{ consent: 'granted', channel: 'sms' }, false],
    [{ lastActivity: { within: 'P21D' } }, true],
    [{ lastActivity: { within: 'P20D' } }, false],
    [{ attribute: { name: 'metier', contains: 'ELEC' } }, true],
    [{ attribute: { name: 'since', after: '2020-12-31' } }, true],
    [{ attribute: { name: 'since', before: '2021-03-02' } }, true],
    [{ attribute: { name: 'since', before: '2021-03-01' } }, false],
    [{ attribute: { name: 'until', after: '2027-02-28' } }, true],
    [{ attribute: { name: 'until', before: '2027-03-01' } }, false],
    [{ attribute: { name: 'until', before: '2027-03-02' } }, true],
    [{ attribute: { name: 'metier', before: '2021-03-02' } }, false],
    [{ siteWhere: { any: { profile: 'counter' } } }, true],
    [{ siteWhere: { any: { profile: 'owner' } } }, false],
    [{ siteWhere: { all: { language: 'fr' } } }, true],
    [{ siteWhere: { all: { event: { type: 'reply' } } } }, false],
    [{ siteWhere: { none: { event: { type: 'reply', within: 'PT24H' } } } }, true],
    [{ siteWhere: { none: { event: { type: 'reply', within: 'PT25H' } } } }, false],
    [{ siteWhere: { count: { of: { language: 'fr' }, min: 2 } } }, true],
    [{ siteWhere: { count: { of: { language: 'fr' }, max: 1 } } }, false],
    [{ siteWhere: { any: { all: [{ profile: 'counter' }, { siteWhere: { any: { profile: 'sales' } } }] } } }, true],
  ])('%j: %s', (rule, expected) => {
    expect(matches(segmentRule.parse(rule), ana)).toBe(expected)
  })
})

describe('a rule that cannot be says where and why', () => {
  test.each<[unknown, string, RegExp]>([
    [{ profil: 'field' }, 'profil', /Unknown condition “profil”: did you mean “profile”/],
    [{ all: [{ not: { event: { type: 'clic' } } }] }, 'all.0.not.event.type', /clic/],
    [{ all: [{ profile: ['field', 'boss'] }] }, 'all.0.profile', /field, counter, sales, owner, office/],
    [{ profile: 'field', tier: 'Or' }, 'tier', /under all: or any:/],
    [{ event: { type: 'click', within: 'P1M' } }, 'event.within', /P30D/],
    [{ event: { type: 'click', step: 'teaser' } }, 'event', /campaign/],
    [{ event: { type: 'click', count: { min: 3, max: 2 } } }, 'event.count', /min.*max/],
    [{ attribute: { name: 'x' } }, 'attribute', /exactly one of/],
    [{ attribute: { name: 'x', is: 1, above: 2 } }, 'attribute', /exactly one of/],
    [{ attribute: { name: 'x', is: 2, equals: 1 } }, 'attribute.equals', /Unknown key “equals”/],
    [{ engagement: 'hot', chanel: 'sms' }, 'chanel', /Unknown key “chanel”/],
    [{ any: [] }, 'any', /at least one condition/],
    [{}, '', /needs a condition/],
    [3, '', /name of a segment/],
    [['a'], '', /name of a segment/],
  ])('%j', (rule, path, message) => {
    const parsed = segmentRule.safeParse(rule)
    expect(parsed.success).toBe(false)
    const [issue] = unfoldIssues(parsed.error!.issues, rule, conditionNames)
    expect(issue!.path.join('.')).toBe(path)
    if (path !== 'all.0.not.event.type') expect(issue!.message).toMatch(message)
    else expect(issue!.message).toContain('"click"')
  })

  test('the grammar is also a JSON Schema, for editors', () => {
    const schema = z.toJSONSchema(z.strictObject({ to: segmentRule }), { io: 'input' })
    expect(JSON.stringify(schema)).toContain('"additionalProperties":false')
    expect(schema.$defs).toHaveProperty('SegmentRule')
  })
})

describe('rules name one another', () => {
  const rules = (given: Record<string, SegmentRule>) => new Map(Object.entries(given))
  test('what a rule names, states apart', () => {
    const rule: SegmentRule = { all: ['a', { not: { segment: 'b' } }, { any: ['registered', 'a'] }] }
    expect(segmentNames(rule)).toEqual(['a', 'b'])
    expect(statesOf(rule)).toEqual(['registered'])
  })
  test('a circle is found, however long, and none is invented', () => {
    expect(findCycle(rules({ a: 'b', b: { not: 'c' }, c: { any: ['a', 'd'] }, d: { profile: 'field' } }))).toEqual([
      'a',
      'b',
      'c',
      'a',
    ])
    expect(findCycle(rules({ a: 'a' }))).toEqual(['a', 'a'])
    expect(findCycle(rules({ a: { all: ['b', 'c'] }, b: 'd', c: 'd', d: { profile: 'field' } }))).toBeUndefined()
  })
  test('those named come first', () => {
    expect(inDependencyOrder(rules({ a: { all: ['b', 'c'] }, b: 'c', c: { profile: 'field' } }))).toEqual([
      'c',
      'b',
      'a',
    ])
  })
  test('only what a rule asks is read', () => {
    expect(needsOf([{ profile: 'field' }])).toMatchObject({ events: false, engagement: false, reachable: false })
    expect(needsOf([{ not: { event: { type: 'click', within: 'P2D' } } }, { reachable: 'sms' }])).toMatchObject({
      ...{ events: true, types: ['click'], withinMs: 2 * 86_400_000, reachable: true },
    })
    expect(needsOf([{ event: { type: 'click', within: 'P2D' } }, { event: { type: 'scan' } }]).withinMs).toBeUndefined()
  })
})

describe('a file of segments', () => {
  const problemsOf = (source: string) => {
    try {
      parseSegments(source, 'segments.yaml')
    } catch (error) {
      if (error instanceof CampaignProblems) return error.problems
      throw error
    }
    return []
  }

  test('is read whole', () => {
    const source = [
      'vendeurs:',
      '  title: { fr: Vendeurs, en: Sellers }',
      '  rule: { profile: [sales, counter] }',
      'vendeurs-actifs:',
      '  title: { fr: Vendeurs actifs, en: Active sellers }',
      '  rule: { all: [vendeurs, { engagement: [hot, warm] }] }',
    ].join('\n')
    expect(parseSegments(source, 'segments.yaml')).toEqual({
      vendeurs: { title: { fr: 'Vendeurs', en: 'Sellers' }, rule: { profile: ['sales', 'counter'] } },
      'vendeurs-actifs': {
        title: { fr: 'Vendeurs actifs', en: 'Active sellers' },
        rule: { all: ['vendeurs', { engagement: ['hot', 'warm'] }] },
      },
    })
    expect(parseSegments('', 'segments.yaml')).toEqual({})
  })

  test('every fault at once, with its line, its column and a suggestion', () => {
    const source = [
      'a:',
      '  title: { fr: A, en: A }',
      '  rule: { all: [ { profil: field }, vendeur ] }',
      'vendeurs:',
      '  title: { fr: Vendeurs }',
      '  rule: { profile: sales }',
      'b:',
      '  title: { fr: B, en: B }',
      '  rule: vendeur',
      'registered:',
      '  title: { fr: R, en: R }',
      '  rule: { tier: Or }',
      'c:',
      '  title: { fr: C, en: C }',
      '  rule: { not: acted }',
    ].join('\n')
    const found = problemsOf(source).map(({ line, column, message, suggestion }) => [line, column, message, suggestion])
    expect(found).toEqual([
      [3, 20, expect.stringMatching(/“profil”: did you mean “profile”/), undefined],
      [5, 3, expect.stringMatching(/en|expected/i), undefined],
      [9, 3, 'There is no segment “vendeur”.', 'vendeurs'],
      [10, 1, expect.stringMatching(/campaign state/), undefined],
      [15, 3, expect.stringMatching(/only inside a campaign/), undefined],
    ])
  })

  test.each([65, 1_000, 20_000])('a rule nested %i deep is refused in words', (depth) => {
    const rule = `${'{ not: '.repeat(depth)}a${' }'.repeat(depth)}`
    const [found] = problemsOf(`a:\n  title: { fr: A, en: A }\n  rule: ${rule}\n`)
    expect(found!.message).toMatch(/nested too deeply/)
  })

  test('an empty list of conditions says what is missing', () => {
    expect(problemsOf('a:\n  title: { fr: A, en: A }\n  rule: { all: [] }\n')).toMatchObject([
      { line: 3, message: 'Put at least one condition under all:.' },
    ])
  })

  test('a circle is an error, and so is what is not YAML, a name given twice, or a list', () => {
    const circle = 'a:\n  title: { fr: A, en: A }\n  rule: b\nb:\n  title: { fr: B, en: B }\n  rule: { not: a }\n'
    expect(problemsOf(circle)).toMatchObject([{ line: 3, message: expect.stringContaining('a → b → a') }])
    expect(problemsOf('a: [1')).toMatchObject([{ line: 1 }])
    expect(problemsOf('a: {}\na: {}')[0]).toMatchObject({ line: 2, message: expect.stringMatching(/unique/i) })
    expect(problemsOf('- a')).toMatchObject([{ message: expect.stringContaining('list of names') }])
  })
})

test('an explanation says of every condition whether it held, in both languages', () => {
  const rule: SegmentRule = {
    all: [
      { profile: 'sales' },
      { not: { event: { type: 'click', count: { min: 2 }, within: 'P30D' } } },
      { reachable: 'sms' },
      'started',
    ],
  }
  const fr = explainRule(rule, ana, 'fr')
  expect(fr).toMatchObject({ held: false, text: 'Toutes ces conditions :' })
  expect(fr.parts.map((part) => [part.text, part.held])).toEqual([
    ['Profil : Itinérant (ici : Itinérant)', true],
    ['Aucune de ces conditions :', true],
    ['Joignable par SMS', false],
    ['Inscrit, puis actif dans cette campagne', false],
  ])
  expect(fr.parts[1]!.parts).toEqual([
    { text: 'Lien suivi, au moins 2 fois, sur les 30 derniers jours (ici : 1 fois)', held: false, parts: [] },
  ])
  const reached: SegmentRule = { challenge: { campaign: 'grand-nord', reaches: 'or' } }
  expect(explainRule(reached, ana, 'fr').text).toBe(
    'Challenge « grand-nord » : palier or atteint ou dépassé (ici : 250 points, palier argent)',
  )
  const many: SegmentRule = { challenge: { campaign: 'club', of: 'outlet', points: { min: 500 } } }
  expect(explainRule(many, ana, 'en').text).toBe(
    'Challenge “club”, their outlet: at least 500 points (here: does not take part)',
  )
  const en = explainRule({ attribute: { name: 'points', above: 20 } }, ana, 'en')
  expect(en).toEqual({ text: 'Contact, “points” above 20 (here: 12)', held: false, parts: [] })
})

test.each([
  ['P30D', 'sur les 30 derniers jours', 'in the last 30 days'],
  ['P1D', 'sur les 24 dernières heures', 'in the last 24 hours'],
  ['PT1H', 'sur la dernière heure', 'in the last hour'],
  ['PT2H30M', 'sur les 2,5 dernières heures', 'in the last 2.5 hours'],
  ['PT1M', 'sur la dernière minute', 'in the last minute'],
])('%s before now is said as people say it', (within, fr, en) => {
  const rule: SegmentRule = { event: { type: 'click', count: { min: 1, max: 1 }, within } }
  expect(explainRule(rule, ana, 'fr').text).toContain(`exactement 1 fois, ${fr}`)
  expect(explainRule(rule, ana, 'en').text).toContain(`exactly once, ${en}`)
})

test.each([
  ['P30D', 30 * 86_400_000],
  ['P2W', 14 * 86_400_000],
  ['PT48H', 2 * 86_400_000],
  ['P1DT12H30M5S', 131_405_000],
  ['P', undefined],
  ['PT', undefined],
  ['P1DT', undefined],
  ['P1M', undefined],
  ['P1Y', undefined],
  ['30D', undefined],
  ['P-1D', undefined],
])('the duration %s is %s ms', (text, expected) => {
  expect(durationMs(text)).toBe(expected)
})

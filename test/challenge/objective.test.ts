import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCampaign } from '../../src/campaign/parse.ts'
import { CampaignProblems } from '../../src/campaign/problems.ts'
import type { Criterion } from '../../src/challenge/criterion.ts'
import { type ChallengeRules, challengeBlock } from '../../src/challenge/definition.ts'
import { formLeagues, leagueForLate } from '../../src/challenge/leagues.ts'
import { monthsIn, objectiveOf, seasonShare, shiftMonth } from '../../src/challenge/objective.ts'
import { objectiveSentence } from '../../src/challenge/objectives.ts'
import { registrationRefusals } from '../../src/challenge/register.ts'
import { resultRefusals } from '../../src/challenge/result.ts'
import { answerText } from '../../src/challenge/sms/answers.ts'
import { numberIn } from '../../src/challenge/sms/numbers.ts'
import { foldedWords, readWord } from '../../src/challenge/sms/read-word.ts'

const sales = (more: Partial<Criterion> = {}): Criterion =>
  ({
    ...{
      name: 'ventes',
      kind: 'quantitative',
      weight: 60,
      points: 10,
      unit: { fr: 'vente', en: 'sale' },
      validatedUpTo: 5,
    },
    objective: { history: 'ventes', growth: '10%', atLeast: 5 },
    ...more,
  }) as Criterion
const training = { name: 'formation', kind: 'qualitative', weight: 40, points: 50, evidence: ['file'] }
const block = (more: object = {}) => ({
  roles: [{ name: 'vente', criteria: [{ ...sales(), validatedUpTo: 5 }, training] }],
  ...more,
})
const rules = (more: object = {}): ChallengeRules => challengeBlock.parse(block(more))
const period = { from: '2027-01-01', to: '2027-03-31' }
const history = { '2026-01': 10, '2026-02': 20, '2026-03': 30, '2026-07': 999 }

describe('an objective', () => {
  test('is what the same months held a year before, and a little more', () => {
    const found = objectiveOf(sales(), rules(), period, { history })!
    expect(found).toEqual({
      ...{ computed: 66, isUnattainable: false },
      grounds: { past: 60, source: 'history', growth: 10, seniority: 100, season: 100, proRata: 100 },
    })
    expect(objectiveSentence({ ...found, override: null }, 'vente', 'fr')).toBe(
      'Vous en aviez fait 60 sur la période comparée (unité : vente), + 10 % : 66.',
    )
    expect(objectiveSentence({ ...found, override: 50 }, 'sale', 'en')).toBe(
      'You did 60 in the period compared with (unit: sale), +10%: 66. Set to 50 by hand.',
    )
  })

  test('weighs the season, half asked of who began four months before, and what is left for a late joiner', () => {
    const season = { 1: 5, 2: 5, 3: 10, 4: 10, 5: 10, 6: 10, 7: 10, 8: 5, 9: 10, 10: 10, 11: 10, 12: 5 }
    const seniority = { attribute: 'entree', steps: [{ belowMonths: 6, share: '50%' }] }
    const own = rules({ season, seniority })
    const criterion = sales({ objective: { attribute: 'ca', growth: '10%', atLeast: 1 } })
    const facts = { history: {}, attribute: '1 000', began: '2026-09-01', joinedOn: '2027-02-15' }
    expect(objectiveOf(criterion, own, period, facts)).toMatchObject({
      computed: 55,
      grounds: { past: 1000, season: 20, seniority: 50, months: 4, proRata: 50 },
    })
    expect(objectiveOf(criterion, rules({ season, lateJoiners: 'whole' }), period, facts)!.grounds.proRata).toBe(100)
  })

  test('is the middle of the others where nothing is known, never less than the least', () => {
    expect(objectiveOf(sales(), rules(), period, { history: {}, peers: 40 })).toMatchObject({
      computed: 44,
      grounds: { source: 'peers', past: 40 },
    })
    expect(objectiveOf(sales(), rules(), period, { history: {} })).toMatchObject({
      computed: 5,
      grounds: { past: null },
    })
  })

  test('that the cap or the best month ever does not allow is flagged', () => {
    expect(
      objectiveOf(sales({ capPerDay: 1, objective: { fixed: 91, growth: '0%', atLeast: 1 } }), rules(), period, {
        history: {},
      })!.isUnattainable,
    ).toBe(true)
    expect(
      objectiveOf(sales({ capPerDay: 1, objective: { fixed: 90, growth: '0%', atLeast: 1 } }), rules(), period, {
        history: {},
      })!.isUnattainable,
    ).toBe(false)
    const steep = sales({ objective: { history: 'ventes', growth: '80%', atLeast: 1 } })
    expect(
      objectiveOf(steep, rules(), period, { history: { '2026-01': 20, '2026-02': 20, '2026-03': 20 } })!.isUnattainable,
    ).toBe(true)
  })

  test('is the same for the same facts', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('2026-01', '2026-02', '2026-03'), fc.nat(500)), (past) => {
        const once = objectiveOf(sales(), rules(), period, { history: past })
        expect(objectiveOf(sales(), rules(), period, { history: { ...past } })).toEqual(once)
        expect(once!.computed).toBeGreaterThanOrEqual(5)
      }),
    )
  })
})

test('a year in weights is a whole, month by month', () => {
  expect(monthsIn({ from: '2027-01-16', to: '2027-02-14' })).toEqual([
    { month: '2027-01', share: 16 / 31 },
    { month: '2027-02', share: 0.5 },
  ])
  expect(seasonShare(undefined, { from: '2027-01-01', to: '2027-12-31' })).toBeCloseTo(100)
  expect([shiftMonth('2027-01', -1), shiftMonth('2026-12', 1), shiftMonth('2027-03', -12)]).toEqual([
    ...['2026-12', '2027-01', '2026-03'],
  ])
})

describe('leagues', () => {
  const outlet = fc.record({ siteId: fc.uuid(), potential: fc.nat(1000) })
  test('hold at most their size, differ by one at most, and stand in the order of potential', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(outlet, { minLength: 1, maxLength: 100, selector: (one) => one.siteId }),
        (outlets) => {
          const leagues = formLeagues(outlets, 30)
          const sizes = new Map<number, number>()
          for (const league of leagues.values()) sizes.set(league, (sizes.get(league) ?? 0) + 1)
          expect(Math.max(...sizes.values())).toBeLessThanOrEqual(30)
          expect(Math.max(...sizes.values()) - Math.min(...sizes.values())).toBeLessThanOrEqual(1)
          for (const one of outlets)
            for (const other of outlets)
              if (leagues.get(one.siteId)! < leagues.get(other.siteId)!)
                expect(one.potential).toBeGreaterThanOrEqual(other.potential)
          expect(formLeagues(outlets.toReversed(), 30)).toEqual(leagues)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('take a late outlet where its likes are, and open a new one when all are full', () => {
    const leagues = [
      { league: 1, outlets: 30, potential: 100 },
      { league: 2, outlets: 29, potential: 50 },
      { league: 3, outlets: 29, potential: 10 },
    ]
    expect([leagueForLate(leagues, 95, 30), leagueForLate(leagues, 12, 30)]).toEqual([2, 3])
    expect(leagueForLate(leagues.slice(0, 1), 95, 30)).toBe(2)
  })
})

describe('the rules of a challenge', () => {
  const refused = (given: object) => {
    const read = challengeBlock.safeParse(given)
    return read.success ? [] : read.error.issues.map(({ message }) => message)
  }
  const criteria = (weights: number[]) => weights.map((weight, index) => ({ ...training, name: `c${index}`, weight }))

  test('take two to four criteria whose weights add up to 100, and say why not others', () => {
    for (const weights of [
      [60, 40],
      [30, 30, 40],
      [25, 25, 25, 25],
    ])
      expect(refused({ roles: [{ name: 'vente', criteria: criteria(weights) }] })).toEqual([])
    expect(refused({ roles: [{ name: 'vente', criteria: criteria([20, 20, 20, 20, 20]) }] })).toEqual([
      'Role "vente" has 5 criteria: keep at most 4, nobody works towards more at once. Join some, or leave the lightest out.',
    ])
    expect(refused({ roles: [{ name: 'vente', criteria: criteria([100]) }] })[0]).toContain('has 1 criteria')
    expect(refused({ roles: [{ name: 'vente', criteria: criteria([60, 60]) }] })).toEqual([
      'The weights of role "vente" add up to 120: make them 100.',
    ])
  })

  test('refuse a keyword for two things, one for no criterion, and a league too large', () => {
    expect(refused(block({ keywords: { register: ['OUI'], leave: ['oui'] } }))).toEqual([
      'The keyword OUI stands for two things.',
    ])
    expect(refused(block({ keywords: { results: { VENTE: 'rien' } } }))).toEqual(['There is no criterion "rien".'])
    expect(refused(block({ leagues: { history: 'ventes', size: 31 } }))).toHaveLength(1)
  })

  test('in a campaign file are refused with their place', () => {
    const text = `name: a\ntitle: { fr: A }\nclass: marketing\naudience: { contact: P1 }\nanchor: { launch: 2027-01-12T08:30, end: 2027-02-12 }\nchallenge:\n  roles:\n    - name: vente\n      criteria:\n        - { name: a, kind: qualitative, evidence: [photo], weight: 100, points: 10 }\nsteps:\n  - { name: s, at: launch, intent: follow-up, template: challenge/launch }\n`
    const templates = {
      names: new Set(['challenge/launch']),
      channels: () => [],
      find: () => undefined,
      layouts: {},
    } as never
    const read = () =>
      parseCampaign(text, { file: 'a.yaml', segments: new Set(), templates, network: { timezone: 'Europe/Paris' } })
    expect(read).toThrow(CampaignProblems)
    expect(read).toThrow(/a\.yaml:\d+:\d+ .*at least 2/)
  })
})

describe('a text message', () => {
  const own = rules({
    keywords: { register: ['OUI', 'JEPARTICIPE'], leave: ['JEQUITTE'], results: { VENTE: 'ventes' } },
  })
  const read = (text: string) => readWord(text, own)
  test.each([
    ['VENTE 3', 3],
    ['vente: 3', 3],
    ['Ventes trois', 3],
    ['3 ventes', 3],
    ['VENTE3', 3],
    ['vente x 12 PABX', 12],
    ['VENTE', 1],
    ['vente une', 1],
    ['vente vingt et un', 21],
    ['vente quatre-vingt-dix-sept', 97],
    ['VENTE soixante dix', 70],
    ['VENTE 1 250', 1250],
    ['deux ventes', 2],
    ['vente 0', 0],
  ])('%s tells %i', (text, quantity) => {
    expect(read(text)).toMatchObject({ says: 'result', criterion: 'ventes', quantity })
  })

  test.each([
    'vente beaucoup',
    'la vente de demain',
    'bonjour',
    '3',
    '',
    'vente deux trois cinq',
    'VENTE 3 5',
    'invente 3',
  ])('“%s” is left to a person', (text) => {
    expect(read(text)).toBeUndefined()
  })

  test('registers or leaves in one word, also written in pieces', () => {
    expect([
      read('oui'),
      read('Oui !'),
      read('je participe'),
      read('JEQUITTE'),
      read('oui mais plus tard, merci'),
    ]).toEqual([...[{ says: 'register' }, { says: 'register' }, { says: 'register' }, { says: 'leave' }, undefined]])
  })

  test('says every number to 99 in French', () => {
    const said = [
      'soixante et onze',
      'quatre vingts',
      'quatre vingt un',
      'dix neuf',
      'trente deux',
      'quatre vingt seize',
    ]
    expect(said.map((text) => numberIn(foldedWords(text)))).toEqual([71, 80, 81, 19, 32, 96])
    expect(
      ['vingt trente', 'deux deux', 'trente seize', 'zero zero'].map((text) => numberIn(foldedWords(text))),
    ).toEqual([...[undefined, undefined, undefined, undefined]])
  })

  test('is answered in one part whatever is said, in letters of GSM 7-bit', () => {
    const title = 'Le très long challenge des îles et de la forêt d’Ardenne'
    const gsm = /^[A-Za-z0-9 @£$¥èéùìòØøÅåÆæßÉÄÖÑÜ§¿äöñüà!"#¤%&'()*+,\-./:;<=>?¡_\n\r]*$/
    const answers = [
      ...[...registrationRefusals, ...resultRefusals].map((why) => ({ code: 'refused' as const, why })),
      ...(['registered', 'already', 'left', 'not_in'] as const).map((code) => ({ code })),
      { code: 'counted' as const, quantity: 1_000_000, points: 100_000_000, total: 999_999_999 },
      { code: 'waiting' as const, quantity: 1_000_000 },
      { code: 'double' as const, quantity: 1_000_000 },
    ]
    for (const answer of answers)
      for (const language of ['fr', 'en'] as const) {
        const text = answerText(answer, title, language)
        expect(text.length).toBeLessThanOrEqual(160)
        expect(text).toMatch(gsm)
      }
  })
})

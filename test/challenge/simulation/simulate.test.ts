import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { challengeBlock } from '../../../src/challenge/definition.ts'
import { type PastLine, readResults, UnreadableResults } from '../../../src/challenge/simulation/read-results.ts'
import { simulate, verdictOf } from '../../../src/challenge/simulation/simulate.ts'

const rules = (growth: string, formation = 1) =>
  challengeBlock.parse({
    roles: [
      {
        name: 'vendeur',
        criteria: [
          {
            name: 'ventes',
            unit: { fr: 'vente', en: 'sale' },
            weight: 60,
            points: 10,
            capPerDay: 20,
            objective: { history: 'ventes', growth },
          },
          {
            name: 'formation',
            kind: 'qualitative',
            evidence: ['attestation'],
            weight: 40,
            points: 25,
            objective: { fixed: formation },
          },
        ],
      },
    ],
    leagues: { history: 'ventes', size: 30 },
  })

const period = { from: '2026-01-01', to: '2026-03-31' }
/** 100 people: each sold 30 in each quarter of the year before; in the period, 30 and more the higher their number. */
const lines: PastLine[] = Array.from({ length: 100 }, (_, at) => `p${String(at).padStart(3, '0')}`).flatMap(
  (who, at) => [
    ...['2025-01', '2025-02', '2025-03'].map((month) => ({
      who,
      role: '',
      criterion: 'ventes',
      day: `${month}-01`,
      isMonth: true,
      quantity: 10,
    })),
    {
      who,
      role: '',
      criterion: 'ventes',
      day: '2026-02-10',
      isMonth: true,
      quantity: at < 26 ? 20 : at < 69 ? 33 : 48,
    },
    { who, role: '', criterion: 'formation', day: '2026-02-11', isMonth: false, quantity: 1 },
  ],
)

describe('a replay', () => {
  test('one set of rules 74 of 100 would have reached, another 31', () => {
    const a = simulate(rules('10%'), period, lines)
    expect(a).toMatchObject({ people: 100, reached: 74, share: 0.74, verdict: 'fine', hasNoHistory: false })
    const b = simulate(rules('45%', 1), period, lines)
    expect(b).toMatchObject({ people: 100, reached: 31, verdict: 'too_few' })
  })

  test('the limits are 70 and 80 of 100, both still fine', () => {
    expect([69, 70, 80, 81].map((reached) => verdictOf(reached, 100))).toEqual(['too_few', 'fine', 'fine', 'too_many'])
    expect(verdictOf(0, 0)).toBe('too_few')
  })

  test('says how far people came, what it costs, and who never could', () => {
    const found = simulate(rules('10%'), period, lines, { reachedCents: 3_000, topCents: [50_000, 30_000, 10_000] })
    // 26 have 60 % of 20 of 33 and all of the rest; 43 reach it by a hair; 31 sell 48 of 33.
    expect(found.spread[7]).toBe(26)
    expect(found.spread[10]).toBe(43)
    expect(found.spread[12]).toBe(31)
    expect(found.leagues).toBe(4)
    expect(found.cost).toEqual({ reachedCents: 222_000, topCents: 360_000, allCents: 582_000, perReachedCents: 7_865 })
    expect(simulate(rules('500%'), period, lines).neverCould).toHaveLength(100)
    expect(simulate(rules('500%'), period, lines).neverCould[0]).toEqual({
      who: 'p000',
      criterion: 'ventes',
      asked: 180,
    })
    expect(
      simulate(
        rules('10%'),
        period,
        lines.filter(({ day }) => day > '2026'),
      ).hasNoHistory,
    ).toBe(true)
  })

  test('asks of beginners what the rules ask of them, by the columns the network knows, and forms leagues of outlets', () => {
    const seniority = { attribute: 'entree', steps: [{ belowMonths: 12, share: '50%' }] }
    const known = new Map(
      lines.map(({ who }) => {
        const entree = Number(who.slice(1)) < 26 ? '2025-06-01' : '2019-01-01'
        return [who, { attributes: { entree }, siteId: `outlet ${Number(who.slice(1)) % 40}` }]
      }),
    )
    const young = { ...rules('10%'), seniority }
    expect(simulate(young, period, lines)).toMatchObject({ reached: 74, leagues: 4 })
    // The 26 who sold 20 are asked 17 instead of 33.
    expect(simulate(young, period, lines, undefined, known)).toMatchObject({
      ...{ reached: 100, verdict: 'too_many', leagues: 2 },
    })
  })

  test('brings a column’s yearly figure to the period, as the challenge itself would', () => {
    const [role] = rules('10%').roles
    const [sales, training] = role!.criteria
    const byColumn = {
      ...rules('10%'),
      roles: [
        {
          ...role!,
          criteria: [
            { ...sales!, objective: { ...sales!.objective!, history: undefined, attribute: 'ca' } },
            training!,
          ],
        },
      ],
    }
    // 160 a year are 40 in three months, 44 with growth: 31 sold 48.
    const known = new Map(lines.map(({ who }) => [who, { attributes: { ca: '160' }, siteId: who }]))
    expect(simulate(byColumn, period, lines, undefined, known)).toMatchObject({ people: 100, reached: 31 })
  })

  test('is the same whatever the order of the lines', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (draws) => {
        const shuffled = lines.map((line) => ({ line, by: draws.next().value as number })).sort((a, b) => a.by - b.by)
        expect(
          simulate(
            rules('10%'),
            period,
            shuffled.map(({ line }) => line),
          ),
        ).toEqual(simulate(rules('10%'), period, lines))
      }),
      { numRuns: 5 },
    )
  })
})

describe('the file', () => {
  const known = { criteria: ['ventes', 'formation'], roles: ['vendeur'] }

  test('is read as French and English spreadsheets write it', () => {
    const french = readResults(
      '\ufeffParticipant;Rôle;Critère;Date;Quantité\r\nDupont;Vendeur;Ventes;12/01/2026;1 200\r\nDupont;;formation;2026-02;2',
      known,
    )
    expect(french.rejects).toEqual([])
    expect(french.lines).toEqual([
      { who: 'Dupont', role: 'vendeur', criterion: 'ventes', day: '2026-01-12', isMonth: false, quantity: 1200 },
      { who: 'Dupont', role: '', criterion: 'formation', day: '2026-02-01', isMonth: true, quantity: 2 },
    ])
    expect(readResults('name,criterion,month,quantity\nSmith,ventes,03/2026,4', known).lines[0]).toMatchObject({
      day: '2026-03-01',
      isMonth: true,
    })
  })

  test('each line that cannot be used is told with its number and why', () => {
    const { lines: none, rejects } = readResults(
      [
        'who;role;criterion;day;quantity',
        ';;ventes;2026-01-01;1',
        'A;;ventes;31/02/2026;1',
        'A;;;2026-01-01;1',
        'A;;pose;2026-01-01;1',
        'A;chef;ventes;2026-01-01;1',
        'A;;ventes;2026-01-01;-3',
      ].join('\n'),
      known,
    )
    expect(none).toEqual([])
    expect(rejects.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '2 no_who',
      '3 no_day',
      '4 no_criterion',
      '5 unknown_criterion',
      '6 unknown_role',
      '7 no_quantity',
    ])
  })

  test('without the columns needed it is refused, naming them', () => {
    expect(() => readResults('a;b\n1;2', known)).toThrow(UnreadableResults)
    expect(() => readResults('participant;date;quantite\nA;2026-01-01;1', known)).toThrow(/critere/)
  })
})

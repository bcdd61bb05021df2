import { expect, test } from 'vitest'
import { effectTable } from '../../src/web/console/results/effect-table.ts'
import { resultsPdf } from '../../src/web/console/results/pdf.ts'
import { formatsFor } from '../../src/web/format.ts'
import type { View } from '../../src/web/view.ts'
import { translatorFor } from '../../src/web/words/index.ts'

const view = { language: 'fr', t: translatorFor('fr'), formats: formatsFor('fr', 'Europe/Paris') } as View
const span = { from: new Date('2027-01-11T08:00:00Z'), until: new Date('2027-03-01T08:00:00Z'), isOver: true }
/** 936 of 3,600 against 88 of 400: Newcombe’s interval of the difference, worked out apart. */
const effect = {
  ...span,
  acted: { treated: { acted: 936, people: 3_600 }, heldOut: { acted: 88, people: 400 } },
  unprompted: { treated: { acted: 10, people: 40 }, heldOut: { acted: 3, people: 12 } },
}

const linesOf = (given: typeof effect | undefined) => {
  const { columns, rows } = effectTable(view, given)
  const heads = columns.map(({ head }) => head.replaceAll('\u00a0', ' '))
  return [...(rows as Iterable<unknown[]>)].map((cells) =>
    Object.fromEntries(heads.map((head, at) => [head, cells[at]])),
  )
}

test('a difference stands in the file with its interval, and what it may be read as', () => {
  const [acted] = linesOf(effect)
  expect(acted).toMatchObject({
    'Visés : ont agi': 936,
    'Visés : personnes': 3_600,
    'Visés : part': 0.26,
    'Témoin : part': 0.22,
    Écart: 0.04,
    'Écart, borne basse': -0.005388,
    'Écart, borne haute': 0.080538,
  })
  expect(String(acted!.Lecture)).toContain('L’intervalle contient zéro')
})

test('of a control group too small the file has both sides and no difference', () => {
  const [, unprompted] = linesOf(effect)
  expect(unprompted).toMatchObject({ 'Témoin : personnes': 12, Écart: null, 'Écart, borne basse': null })
  expect(String(unprompted!.Lecture)).toContain('Le groupe témoin compte moins de 100 personnes')
})

test('before the first step there is nothing to tell', () => {
  expect(linesOf(undefined)).toEqual([])
})

test('the page to print holds it, and stays one page', async () => {
  const sheet = {
    ...{ title: 'Résultats', facts: ['Réseau'], steps: [], currency: 'EUR', now: span.until },
    regions: { by: 'region', rows: [], sort: { by: 'name', direction: 'up' }, isContinued: false, titles: new Map() },
  } as unknown as Parameters<typeof resultsPdf>[1]
  const size = async (given: typeof effect | undefined) => {
    const pdf = Buffer.from(await resultsPdf(view, { ...sheet, effect: given }))
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1)
    return pdf.length
  }
  expect(await size(effect)).toBeGreaterThan(await size(undefined))
})

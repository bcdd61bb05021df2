import { type FC, jsx } from 'hono/jsx'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { formatsFor } from '../../src/web/format.ts'
import { CheckField, ChoiceField, TextField } from '../../src/web/ui/field.tsx'
import { KeyFigures } from '../../src/web/ui/figures.tsx'
import { FilterSelect, Filters } from '../../src/web/ui/filters.tsx'
import { FormProblems, problemsOf } from '../../src/web/ui/form.tsx'
import { Confirmation, Progress } from '../../src/web/ui/notice.tsx'
import { Stepper } from '../../src/web/ui/stepper.tsx'
import { DataTable, type TableProps } from '../../src/web/ui/table.tsx'
import { Tabs } from '../../src/web/ui/tabs.tsx'
import type { View } from '../../src/web/view.ts'
import { translatorFor } from '../../src/web/words/index.ts'

const view = {
  language: 'fr',
  t: translatorFor('fr'),
  formats: formatsFor('fr', 'Europe/Paris'),
  network: { name: 'grand-nord' },
} as View

const drawn = async <P extends object>(component: FC<P> | ((props: P) => unknown), props: P): Promise<string> =>
  String(await jsx(component as FC, props as Record<string, unknown>)).replaceAll(/[\u00a0\u202f]/g, ' ')

interface Row {
  name: string
  people: number
}
const table = (given: Partial<TableProps<Row>> = {}): TableProps<Row> => ({
  view,
  caption: 'Les sites',
  columns: [
    { key: 'name', head: 'Nom', cell: (row) => row.name, isSortable: true },
    { key: 'people', head: 'Personnes', cell: (row) => row.people, isNumber: true },
  ],
  rows: [{ name: '<b>Amiens</b>', people: 3 }],
  url: (change) =>
    `/x?${new URLSearchParams(Object.entries(change).filter((pair): pair is [string, string] => pair[1] !== undefined))}`,
  empty: 'Rien.',
  ...given,
})

describe('a table', () => {
  test('says what it lists, and shows text as text', async () => {
    const html = await drawn(DataTable<Row>, table())
    expect(html).toContain('<caption class="hidden">Les sites</caption>')
    expect(html).toContain('<th scope="row">&lt;b&gt;Amiens&lt;/b&gt;</th>')
    expect(html).toContain('data-label="Personnes" class="number">3</td>')
  })
  test('is sorted by a link on the head, the other way at the second press', async () => {
    expect(await drawn(DataTable<Row>, table())).toContain('href="/x?sort=name&amp;direction=up"')
    const sorted = await drawn(DataTable<Row>, table({ sort: { by: 'name', direction: 'up' } }))
    expect(sorted).toContain('aria-sort="ascending"')
    expect(sorted).toContain('direction=down')
    expect(sorted.match(/class="sort"/g)).toHaveLength(1)
  })
  test('goes on with the next page, and leads back from it', async () => {
    const first = await drawn(DataTable<Row>, table({ next: 'c2' }))
    expect(first).toContain('hx-get="/x?cursor=c2"')
    expect(first).not.toContain('Revenir au début')
    expect(await drawn(DataTable<Row>, table({ isContinued: true }))).toContain('Revenir au début')
  })
  test('without rows says why, unless a page before had some', async () => {
    expect(await drawn(DataTable<Row>, table({ rows: [] }))).toBe('<div class="empty">Rien.</div>')
    expect(await drawn(DataTable<Row>, table({ rows: [], isContinued: true }))).toContain('<table')
  })
})

describe('a form', () => {
  test('ties a field to its hint and to what is wrong with it', async () => {
    const html = await drawn(TextField, {
      ...{ view, name: 'email', label: 'E-mail', hint: 'La sienne', error: 'Il manque le @.', value: '"><script>' },
      ...({ isRequired: true, type: 'email' } as const),
    })
    expect(html).toContain('<label for="email">E-mail</label>')
    expect(html).toContain('aria-describedby="email-error email-hint"')
    expect(html).toContain('aria-invalid="true"')
    expect(html).not.toContain('<script>')
  })
  test('says what is optional rather than what is not', async () => {
    expect(await drawn(TextField, { view, name: 'a', label: 'A' })).toContain('facultatif')
    expect(await drawn(TextField, { view, name: 'a', label: 'A', isRequired: true })).not.toContain('facultatif')
  })
  test('offers choices under one name, the chosen ones ticked', async () => {
    const html = await drawn(ChoiceField, {
      ...{ view, name: 'channels', label: 'Canaux', isMultiple: true, values: ['sms'] },
      choices: [
        { value: 'sms', text: 'SMS' },
        { value: 'email', text: 'E-mail' },
      ],
    })
    expect(html.match(/type="checkbox"/g)).toHaveLength(2)
    expect(html.match(/checked=""/g)).toHaveLength(1)
    expect(await drawn(CheckField, { view, name: 'ok', label: 'Oui', isChecked: true })).toContain('checked=""')
  })
  test('begins, once refused, with how many fields to mend and a way to each', async () => {
    const found = z.object({ name: z.string(), email: z.string() }).safeParse({})
    const problems = problemsOf(found.error!)
    expect(Object.keys(problems)).toEqual(['name', 'email'])
    const html = await drawn(FormProblems, { view, problems })
    expect(html).toContain('role="alert"')
    expect(html).toContain('2 champs sont à corriger')
    expect(html).toContain('href="#email"')
    expect(await drawn(FormProblems, { view, problems: {} })).toBe('')
  })
  test('of filters keeps the network, and leads back to the whole list once narrowed', async () => {
    const select = jsx(FilterSelect as FC, {
      ...{ view, name: 'channel', label: 'Canal', value: 'sms' },
      choices: [{ value: 'sms', text: 'SMS' }],
    })
    const html = await drawn(Filters, { view, action: '/x', keep: { tab: 'a' }, isFiltered: true, children: select })
    expect(html).toContain('<input type="hidden" name="network" value="grand-nord"/>')
    expect(html).toContain('href="/x?network=grand-nord&amp;tab=a"')
    expect(html).toContain('<option value="sms" selected="">SMS</option>')
    expect(await drawn(Filters, { view, action: '/x' })).not.toContain('Tout afficher')
  })
})

describe('a confirmation', () => {
  const given = { view, title: 'Lancer ?', action: '/go', confirm: 'Lancer', back: '/back' }
  test('names the number of people, also one', async () => {
    expect(await drawn(Confirmation, { ...given, people: 1_234 })).toContain('1 234 personnes')
    expect(await drawn(Confirmation, { ...given, people: 1 })).toContain('1 personne<')
    expect(await drawn(Confirmation, given)).not.toContain('personne')
  })
  test('posts what it was given, and offers the way back', async () => {
    const html = await drawn(Confirmation, { ...given, isDangerous: true, fields: { version: '3' } })
    expect(html).toContain('<form method="post" action="/go">')
    expect(html).toContain('<input type="hidden" name="version" value="3"/>')
    expect(html).toContain('class="danger"')
    expect(html).toContain('href="/back"')
  })
})

test('tabs mark the present one, and steps how far one has come', async () => {
  const tabs = await drawn(Tabs, {
    label: 'Vues',
    tabs: [
      { text: 'Tous', href: '/a', isCurrent: true, count: '12' },
      { text: 'Clos', href: '/b' },
    ],
  })
  expect(tabs.match(/aria-current="page"/g)).toHaveLength(1)
  const steps = await drawn(Stepper, {
    ...{ view, label: 'Import', current: 1 },
    steps: [{ text: 'Fichier', href: '/1' }, { text: 'Colonnes' }, { text: 'Import' }],
  })
  expect(steps).toContain('<li aria-current="step"><span>')
  expect(steps).toContain('(fait)')
  expect(steps.match(/href=/g)).toHaveLength(1)
})

test('progress without an end says how far it has come, and with one how much there is', async () => {
  expect(await drawn(Progress, { view, text: 'Lecture', done: 1_200 })).toContain('1 200')
  expect(await drawn(Progress, { view, text: 'Lecture', done: 2, all: 10 })).toMatch(/max="10" value="2".*2 sur 10/)
})

test('a figure leads to the people behind it', async () => {
  expect(
    await drawn(KeyFigures, { figures: [{ label: 'En cours', value: '2', href: '/console/campaigns' }] }),
  ).toContain('<a href="/console/campaigns">2</a>')
})

import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importHistory } from '../../src/challenge/csv/import-history.ts'
import { importParticipants } from '../../src/challenge/csv/import-participants.ts'
import { importResults } from '../../src/challenge/csv/import-results.ts'
import { actAtDesk, type DeskForm } from '../../src/challenge/desk/act.ts'
import { deskOf } from '../../src/challenge/desk/desk.ts'
import { participantOf } from '../../src/challenge/participants.ts'
import { challengeEvidence, challengeResults, pastResults } from '../../src/db/schema.ts'
import { csvOf } from '../../src/export/csv.ts'
import { exportOf } from '../../src/web/console/challenge/exports.ts'
import { type ChallengeWorld, challengeWorld } from './challenge-world.ts'

let w: ChallengeWorld
beforeAll(async () => {
  w = await challengeWorld()
})
afterAll(() => w.close())

const bytes = (text: string) => new TextEncoder().encode(text)
const made = () => ({ by: 'user:1', at: w.clock.now() })
const karim = async () =>
  (await participantOf(w.context.db, w.network.id, w.challenge.id, { contactId: await w.contactId('P3') }))!

test('a file registers whom it names and says by line whom it could not', async () => {
  const file = bytes('Identifiant;Site\r\nP3;\r\nP2;\r\n;S4\r\nP9;\r\nP3;\r\n')
  const summary = await importParticipants(w.context.db, w.challenge, file, made())
  expect(summary).toMatchObject({ read: 5, fresh: 3, unchanged: 1 })
  expect(summary.rejected).toEqual([{ line: 5, code: 'unknown_person', value: 'P9' }])
  expect(await karim()).toMatchObject({ way: 'csv', agreedVersion: null, registeredBy: 'user:1' })
  const wrong = await importParticipants(w.context.db, w.challenge, bytes('Nom;Ville\r\nA;B\r\n'), made())
  expect(wrong.rejected).toEqual([{ line: 1, code: 'no_columns', value: 'identifiant / site' }])
})

const results = [
  'Identifiant;Critère;Quantité;Date;Référence',
  'P3;ventes;2;12/01/2027;F-1',
  'P3;ventes;1;2027-01-12;',
  'P3;ventes;1;2027-01-12;',
  'P2;ventes;3;12/01/2027;F-2',
  'P1;ventes;1;12/01/2027;F-3',
  'P3;ventes;deux;12/01/2027;F-4',
  'P3;ventes;1;31/02/2027;F-5',
  'P3;inconnu;1;12/01/2027;F-6',
].join('\r\n')

test('two imports of one file at once count every line once, and a third changes nothing', async () => {
  const take = (text: string) => importResults(w.context.db, w.challenge, bytes(text), made())
  const [one, other] = await Promise.all([take(results), take(results)])
  expect(one.fresh + other.fresh).toBe(4)
  expect(one.unchanged + other.unchanged).toBe(4)
  expect(one.rejected.map(({ line, code, value }) => `${line} ${code} ${value}`)).toEqual([
    '6 not_registered P1',
    '7 bad_number deux',
    '8 bad_date 31/02/2027',
    '9 refused unknown_criterion',
  ])
  const before = await w.sums((await karim()).id)
  expect(before).toEqual({ ledger: 40, total: 40, rows: 3 })
  expect(await take(results)).toMatchObject({ fresh: 0, corrected: 0, unchanged: 4 })
  expect(await w.sums((await karim()).id)).toEqual(before)
  expect(await take(results.replace('P3;ventes;2;', 'P3;ventes;5;'))).toMatchObject({ corrected: 1, unchanged: 3 })
  expect(await w.sums((await karim()).id)).toMatchObject({ ledger: 70, total: 70 })
})

test('past results of a month replace what was known of it', async () => {
  const file = bytes(
    'Identifiant;Mesure;Mois;Quantité\r\nP3;Ventes;2026-01;4\r\nP3;ventes;15/01/2026;6\r\nP3;ventes;janvier;1\r\n',
  )
  for (const _ of [1, 2]) {
    const summary = await importHistory(w.context.db, w.network.id, file, made())
    expect(summary).toMatchObject({ read: 3, fresh: 2, rejected: [{ line: 4, code: 'bad_month' }] })
  }
  const rows = await w.context.db.select().from(pastResults)
  expect(rows.map(({ measure, month, quantity }) => [measure, month, quantity])).toEqual([['ventes', '2026-01', 10]])
})

const png = new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1])], 'vitrine.png')

test('a form registers, takes a result once with its photo, and says why it takes none', async () => {
  const { db } = w.context
  const contactId = await w.contactId('P4')
  const act = (form: Partial<DeskForm> & Pick<DeskForm, 'act'>, file?: File) =>
    actAtDesk(
      db,
      {
        ...{ networkId: w.network.id, challengeId: w.challenge.id, subject: { contactId }, way: 'portal' },
        ...{ by: `contact:${contactId}`, at: w.clock.now() },
      },
      form,
      file,
    )
  expect(await act({ act: 'result', criterion: 'ventes' })).toEqual({ is: 'refused', code: 'not_registered' })
  expect(await act({ act: 'register' })).toEqual({ is: 'refused', code: 'not_agreed' })
  expect(await act({ act: 'register', agree: 'on' })).toEqual({ is: 'registered' })
  const sale = { act: 'result', criterion: 'ventes', quantity: '2', doneOn: '2027-01-12', key: 'k1' } as const
  expect(await act(sale)).toEqual({ is: 'counted' })
  expect(await act(sale)).toEqual({ is: 'known' })
  expect(await act({ ...sale, key: 'k2' })).toEqual({ is: 'double' })
  expect(await act({ ...sale, quantity: 'deux', key: 'k3' })).toEqual({ is: 'refused', code: 'bad_quantity' })
  const course = { act: 'result', criterion: 'formation', doneOn: '2027-01-12', key: 'k4' } as const
  expect(await act(course)).toEqual({ is: 'refused', code: 'missing' })
  expect(await act(course, new File(['<svg/>'], 'a.png'))).toEqual({ is: 'refused', code: 'wrong_type' })
  expect(await act(course, new File([new Uint8Array(5 * 1024 * 1024 + 1)], 'a.png'))).toEqual({
    ...{ is: 'refused', code: 'too_large' },
  })
  expect(await act(course, png)).toEqual({ is: 'waiting' })
  const kept = await db.select().from(challengeEvidence)
  expect(kept.map(({ name, type, size }) => [name, type, size])).toEqual([['vitrine.png', 'image/png', 9]])
  const desk = (await deskOf(db, w.challenge, { contactId }, 'fr', 'portal', w.clock.now()))!
  expect(desk.points?.points).toBe(20)
  expect(desk.criteria[0]).toMatchObject({ title: 'vente', done: 2, target: 8 })
  expect(desk.results.map(({ status }) => status)).toEqual(['pending', 'pending', 'validated'])
  expect(await act({ act: 'leave' })).toEqual({ is: 'left' })
  expect(await act({ ...sale, key: 'k9' })).toEqual({ is: 'refused', code: 'not_registered' })
})

test('an exported cell is no formula', async () => {
  const { db } = w.context
  await db.update(challengeResults).set({ reference: '=1+1' }).where(eq(challengeResults.criterion, 'formation'))
  let text = ''
  for await (const part of csvOf(exportOf(db, w.challenge, 'results'), 'fr')) text += new TextDecoder().decode(part)
  expect(text).toContain("'=1+1")
  expect(text).not.toMatch(/;=1/)
  let ledger = ''
  for await (const part of csvOf(exportOf(db, w.challenge, 'ledger'), 'fr')) ledger += new TextDecoder().decode(part)
  expect(ledger.trim().split('\r\n').length).toBeGreaterThan(6)
})

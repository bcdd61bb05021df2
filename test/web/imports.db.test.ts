import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { desc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { auditEntries, contacts, imports, jobs, notifications } from '../../src/db/schema.ts'
import { createNetwork } from '../../src/network/networks.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { workbookBytes } from '../network/import/xlsx.ts'
import { type Browser, openSite, publicUrl, type Site } from './client.ts'
import { enrol } from './route-table/people.ts'
import { type SmallNetwork, seedSmallNetwork, wallNow } from './small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let site: Site
let owner: Browser
let networks = 0
let network: { id: string; name: string }

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  site = openSite(store.db, demo.plan, { dataFolder: store.folder })
})
beforeEach(async () => {
  const name = `reseau-${++networks}`
  const made = await store.db.transaction((tx) =>
    createNetwork(
      tx,
      { name, title: name, mode: 'sandbox', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      wallNow,
    ),
  )
  network = { id: made.id, name }
  ;({ browser: owner } = await enrol(store.db, site, {
    networkId: made.id,
    called: `owner ${'x'.repeat(networks)}`,
    role: 'owner',
    scope: {},
  }))
})
afterAll(() => store.drop())

const header = 'Code site;Raison sociale;Code postal;Ville;Prénom;Nom;E-mail;Mobile;Accord SMS;CA N-1'
const good = 'S1;Nord;1000;Bourg-en-Bresse;Jeanne;Dupont;jeanne at example.com;06 39 98 01 01;oui;1 200,00'
const bad = ';Sans site;69003;Lyon;Paul;Martin;paul@example.com;=1+1;;'
const file = [header, good, bad, ''].join('\r\n')

const withoutUndefined = (headers: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined))

/** The upload form, as a browser sends it. */
async function upload(
  name: string,
  bytes: string | Uint8Array,
  fields: Record<string, string> = {},
  headers: Record<string, string | undefined> = {},
): Promise<Response> {
  const form = new FormData()
  for (const [key, value] of Object.entries(fields)) form.append(key, value)
  form.append('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]), name)
  const sent = new Response(form)
  const body = new Uint8Array(await sent.arrayBuffer())
  return site.app.request(
    `${publicUrl}/console/imports/new?network=${network.name}`,
    {
      method: 'POST',
      body,
      headers: withoutUndefined({
        'content-type': sent.headers.get('content-type')!,
        'content-length': String(body.length),
        origin: publicUrl,
        cookie: [...owner.cookies].map(([key, value]) => `${key}=${value}`).join('; '),
        ...headers,
      }),
    },
    { incoming: { socket: { remoteAddress: '192.0.2.7' } } },
  )
}
const uploaded = async (name: string, bytes: string | Uint8Array, fields?: Record<string, string>): Promise<string> => {
  const answer = await upload(name, bytes, fields)
  expect(answer.status, await answer.clone().text()).toBe(303)
  return answer.headers.get('location')!
}
const readable = (html: string) =>
  html
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/[\s\u202f\u00a0]+/g, ' ')
const html = async (path: string) => {
  const answer = await owner.get(path)
  expect(answer.status, path).toBe(200)
  return answer.text()
}
const text = async (path: string) => readable(await html(path))
/** The form of a page as it would be posted, with changes. */
async function posted(path: string, change: Record<string, string> = {}): Promise<Record<string, string>> {
  const page = await html(path)
  const selects = [...page.matchAll(/<select name="(column-\d+)".*?<\/select>/gs)]
  const chosen = selects.map(([all, name]) => [name, /<option value="([^"]*)" selected/.exec(all)?.[1] ?? ''])
  return { ...Object.fromEntries(chosen), absent: 'keep', ...change }
}
const choose = async (path: string, change: Record<string, string>) =>
  owner.post(`${path}/mapping`, await posted(path, change))
async function start(path: string): Promise<Response> {
  const confirmation = await html(`${path}/start`)
  const count = /name="count" value="(\d+)"/.exec(confirmation)?.[1] ?? ''
  return owner.post(`${path}/start`, { count })
}
const rowOf = async (path: string) => {
  const [row] = await store.db
    .select()
    .from(imports)
    .where(eq(imports.id, path.split('/').at(-1)!))
  return row!
}
const left = () => readdirSync(join(store.folder, 'uploads'))
const people = () => store.db.$count(contacts, eq(contacts.networkId, network.id))

describe('a file on its way in', () => {
  test('is shown as it would be read, and nothing of it is in the network', async () => {
    const path = await uploaded('Réseau été.csv', file)
    const page = await text(path)
    for (const expected of [
      'Réseau été.csv',
      'UTF-8 Séparateur point-virgule',
      // What was mended stands beside what it is about.
      'jeanne@example.com écrit « jeanne at example.com » lu comme jeanne@example.com : « at » a été lu comme @',
      '+33639980101',
      '01000 écrit « 1000 » lu comme 01000 : le tableur avait supprimé le zéro initial',
      'Ligne refusée la ligne ne nomme aucun site : renseignez son code',
      'Lignes lues : 2 = créées : 1 + mises à jour : 0 + inchangées : 0 + rejetées : 1 + vides : 0.',
      'Choisissez d’abord la base légale, plus haut.',
    ])
      expect(page).toContain(expected)
    expect(await people()).toBe(0)
    expect(page).not.toContain('Importer 1 ligne')
    expect(site.errors).toEqual([])
  })

  test('is said in English to who reads English', async () => {
    const path = await uploaded('a.csv', file)
    const page = await text(`${path}?lang=en`)
    expect(page).toContain('read as jeanne@example.com: " at " was read as @')
    expect(page).toContain('Row refused the row names no site: fill in its code')
    await owner.get(`${path}?lang=fr`)
  })

  test('its basis must be chosen, and what was typed stays', async () => {
    const path = await uploaded('a.csv', file)
    const answer = await choose(path, { 'column-9': 'ignore' })
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(readable(page)).toContain('Choisissez sur quelle base reposent les accords du fichier.')
    expect(page).toMatch(/name="column-9".*?<option value="ignore" selected/s)
    expect((await rowOf(path)).mapping['CA N-1']).toBe('contact.attributes.ca_n_1'.replace('contact', 'site'))
  })

  test('two columns of one meaning are a problem that names both, and mapping one otherwise mends it', async () => {
    const path = await uploaded('a.csv', file)
    expect((await choose(path, { 'column-4': 'contact.lastName', basis: 'consent' })).status).toBe(303)
    const page = await text(path)
    expect(page).toContain(
      'La colonne 5 (« Prénom ») et la colonne 6 (« Nom ») sont lues comme la même donnée : attribuez autre chose à l’une des deux',
    )
    expect((await owner.get(`${path}/start`)).status).toBe(303)
    await choose(path, { 'column-4': 'contact.firstName', basis: 'consent' })
    expect(await text(path)).toContain('Importer 1 ligne')
  })

  test('can be given up, and is then gone from the disk', async () => {
    const before = left()
    const path = await uploaded('a.csv', file)
    expect(left()).toHaveLength(before.length + 1)
    expect(await text(`${path}/discard`)).toContain('Le fichier déposé est supprimé de ce serveur.')
    const answer = await owner.post(`${path}/discard`)
    expect(answer.headers.get('location')).toContain('discarded=1')
    expect(left()).toEqual(before)
    expect(await text(path)).toContain('abandonné')
    expect((await owner.post(`${path}/start`)).status).toBe(303)
    expect(await people()).toBe(0)
  })
})

describe('an import', () => {
  test('does what was counted, adds up, and hands back what it refused, to be mended and imported', async () => {
    const path = await uploaded('Réseau été.csv', file)
    await choose(path, { basis: 'consent' })
    expect(await text(`${path}/start`)).toContain(
      'Contacts créés : 1 · mis à jour : 0 · inchangés : 0. Lignes rejetées, qui vous reviendront : 1.',
    )
    expect((await start(path)).headers.get('location')).toBe(path)
    expect(await rowOf(path)).toMatchObject({
      ...{ status: 'done', basis: 'consent', counts: { read: 2, created: 1, rejected: 1, blank: 0 } },
    })
    expect(left().includes((await rowOf(path)).uploadPath!.split('/').at(-1)!)).toBe(false)
    const page = await text(path)
    expect(page).toContain(
      'Lignes lues : 2 = créées : 1 + mises à jour : 0 + inchangées : 0 + rejetées : 1 + vides : 0.',
    )
    expect(page).toContain('3 la ligne ne nomme aucun site : renseignez son code')

    const download = await owner.post(`${path}/rejects`)
    expect(download.headers.get('content-disposition')).toBe(
      `attachment; filename="Reseau ete - rejets.csv"; filename*=UTF-8''R%C3%A9seau%20%C3%A9t%C3%A9%20-%20rejets.csv`,
    )
    const rejects = Buffer.from(await download.arrayBuffer()).toString('utf8')
    expect(rejects).toBe(
      `\ufeffrelais_reason;${header}\r\nligne 3 : la ligne ne nomme aucun site : renseignez son code;${bad.replace('=1+1', "'=1+1")}\r\n`,
    )

    const mendPath = `/console/imports/new?mends=${path.split('/').at(-1)}`
    expect(await text(mendPath)).toContain('Corrige les rejets de Réseau été.csv')
    const mended = await uploaded('rejets.csv', rejects.replace(';;Sans site', ';S2;Sans site').replace(';;', ';S2;'), {
      mends: path.split('/').at(-1)!,
    })
    // The mapping and the basis are those of the file it mends.
    const preview = await text(mended)
    expect(preview).toContain('Corrige les rejets de Réseau été.csv')
    expect(preview).not.toContain('Que faire des contacts que ce fichier n’a pas ?')
    await start(mended)
    expect((await rowOf(mended)).counts).toMatchObject({ read: 1, created: 1, rejected: 0 })
    expect(await people()).toBe(2)
  })

  test('of the same file again changes nothing', async () => {
    for (const created of [1, 0]) {
      const path = await uploaded('a.csv', file)
      await choose(path, { basis: 'consent' })
      await start(path)
      expect((await rowOf(path)).counts).toMatchObject({ created, updated: 0, unchanged: 1 - created, rejected: 1 })
    }
  })

  test('remembers what columns mean, for files with the same headers', async () => {
    const odd = 'Truc;Machin;Chose\nS1;Jeanne;Dupont\n'
    const path = await uploaded('a.csv', odd)
    expect(await text(path)).toContain('Aucune colonne ne dit à quel site appartient un contact')
    const meant = { 'column-0': 'site.code', 'column-1': 'contact.firstName', 'column-2': 'contact.lastName' }
    await choose(path, { ...meant, basis: 'unstated' })
    await start(path)
    const next = await uploaded('b.csv', odd.replace('Jeanne', 'Paul'))
    expect((await rowOf(next)).mapping).toEqual({
      ...{ Truc: 'site.code', Machin: 'contact.firstName', Chose: 'contact.lastName' },
    })
  })

  test('switches off who is absent only after the number was read', async () => {
    const first = await uploaded('a.csv', [header, good, good.replace('Dupont', 'Autre')].join('\n'))
    await choose(first, { basis: 'consent' })
    await start(first)
    const path = await uploaded('b.csv', [header, good].join('\n'))
    await choose(path, { basis: 'consent', absent: 'deactivate' })
    expect(await text(`${path}/start`)).toContain('1 contact absent du fichier serait désactivé.')
    await start(path)
    expect(await text(path)).toContain('1 contact absent du fichier a été désactivé.')
  })

  test('starts only what was counted: a count that is no longer the last is shown anew', async () => {
    const path = await uploaded('a.csv', file)
    await choose(path, { basis: 'consent' })
    const answer = await owner.post(`${path}/start`, { count: '1' })
    expect(answer.headers.get('location')).toContain('moved=1')
    expect(await people()).toBe(0)
    expect(await text(answer.headers.get('location')!.split('#')[0]!)).toContain('vérifiez les nouveaux chiffres')
  })

  test('pressed twice it runs once, is on record, and its author is told', async () => {
    const path = await uploaded('a.csv', file)
    await choose(path, { basis: 'consent' })
    const count = /name="count" value="(\d+)"/.exec(await html(`${path}/start`))![1]!
    const answers = await Promise.all([1, 2].map(() => owner.post(`${path}/start`, { count })))
    expect(answers.map((answer) => answer.status)).toEqual([303, 303])
    const id = path.split('/').at(-1)!
    const acts = await store.db
      .select({ action: auditEntries.action })
      .from(auditEntries)
      .where(eq(auditEntries.subject, id))
      .orderBy(desc(auditEntries.seq))
    expect(acts.map(({ action }) => action)).toEqual(['import.finish', 'import.start'])
    const told = await store.db.select().from(notifications).where(eq(notifications.networkId, network.id))
    expect(told.filter(({ kind }) => kind === 'import_done')).toMatchObject([
      { href: path, params: { file: 'a.csv', created: 1, updated: 0, rejected: 1 } },
    ])
  })

  test('under way it shows how far it is and can be stopped; what broke off goes on', async () => {
    const path = await uploaded('a.csv', file)
    await choose(path, { basis: 'consent' })
    const id = path.split('/').at(-1)!
    await store.db.update(imports).set({ status: 'running' }).where(eq(imports.id, id))
    const run = { networkId: network.id, id, kind: 'import.run', createdAt: wallNow, updatedAt: wallNow }
    const payload = {
      ...{ importId: id, actor: 'x', absent: 'keep', language: 'fr', startedAt: wallNow.toISOString(), rows: 2 },
    }
    await store.db.insert(jobs).values({ ...run, status: 'running', payload, done: 1, total: 2 })
    const answer = await owner.get(path)
    expect(answer.headers.get('refresh')).toBe('2')
    expect(readable(await answer.text())).toContain('Import en cours…')
    await store.db.update(jobs).set({ status: 'failed', error: 'abcd1234' }).where(eq(jobs.id, id))
    await store.db.update(imports).set({ status: 'failed', error: 'abcd1234' }).where(eq(imports.id, id))
    expect(await text(path)).toContain('communiquez la référence abcd1234')
    await owner.post(`${path}/retry`)
    expect((await rowOf(path)).status).toBe('done')

    const other = await uploaded('b.csv', file)
    await choose(other, { basis: 'consent' })
    const otherId = other.split('/').at(-1)!
    await store.db.update(imports).set({ status: 'running' }).where(eq(imports.id, otherId))
    await store.db.insert(jobs).values({ ...run, id: otherId, status: 'queued', payload })
    await owner.post(`${other}/cancel`)
    expect(await rowOf(other)).toMatchObject({ status: 'failed', error: 'canceled' })
    expect(await text(other)).toContain('L’import a été arrêté.')
  })

  test('by the command line stands in the list too', async () => {
    await store.db.insert(imports).values({
      ...{ networkId: network.id, id: '0', fileName: 'ligne.csv', fileHash: 'x', status: 'done', mapping: {} },
      ...{
        startedAt: wallNow,
        counts: {
          read: 3,
          blank: 0,
          created: 3,
          updated: 0,
          unchanged: 0,
          rejected: 0,
          warnings: 0,
          sites: { created: 1, updated: 0, unchanged: 0 },
        },
      },
    })
    const list = await text(`/console/imports?network=${network.name}`)
    expect(list).toContain('ligne.csv')
    expect(list).toContain('ligne de commande')
    expect(await text('/console/imports/0')).toContain('Lignes lues : 3 = créées : 3')
  })
})

describe('a file that cannot be one', () => {
  test.each([
    ['photo.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 'photo.png n’est pas un tableau'],
    ['contacts.csv', new Uint8Array(0), 'contacts.csv est vide'],
    ['liste.pdf', '%PDF-1.7', 'liste.pdf n’est pas un tableau'],
  ])('%s is refused at the door, and nothing of it stays', async (name, bytes, said) => {
    const before = left()
    const answer = await upload(name, bytes)
    expect(answer.status).toBe(422)
    expect(readable(await answer.text())).toContain(said)
    expect(left()).toEqual(before)
  })

  test('no file at all', async () => {
    const answer = await upload('', '')
    expect(answer.status).toBe(422)
    expect(readable(await answer.text())).toContain('Choisissez un fichier.')
  })

  test.each([
    ['vieux.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'est à l’ancien format Excel (.xls)'],
    ['casse.xlsx', Buffer.from('504b0304ffff', 'hex'), 'n’est pas un classeur .xlsx lisible'],
    ['deux.csv', 'Nom;Nom\na;b\n', 'portent le même en-tête'],
    ['__proto__.csv', 'Code site;__proto__\na;b\n', 'porte un nom réservé'],
    ['large.csv', `${Array.from({ length: 301 }, (_, n) => `c${n}`).join(';')}\n`, 'plus de 300 colonnes'],
  ])('%s is taken in, and its page says what to do', async (name, bytes, said) => {
    const path = await uploaded(name, bytes)
    const page = await text(path)
    expect(page).toContain('Ce fichier ne peut pas être importé tel quel.')
    expect(page).toContain(said)
    expect(page).not.toContain('Importer 1 ligne')
    await owner.post(`${path}/discard`)
  })

  test('a body of unknown length, or of another kind, or cut short, is refused', async () => {
    const cut = await upload('a.csv', file, {}, { 'content-type': 'multipart/form-data; boundary=other' })
    expect(cut.status).toBe(400)
    expect((await upload('a.csv', file, {}, { 'content-length': undefined })).status).toBe(400)
    expect((await upload('a.csv', file, {}, { 'content-length': String(500 * 1024 * 1024) })).status).toBe(413)
    expect((await upload('a.csv', file, {}, { 'content-type': 'multipart/form-data' })).status).toBe(400)
    expect((await upload('a.csv', file, {}, { origin: 'https://elsewhere.example' })).status).toBe(403)
  })
})

test('a workbook is read like its CSV, with the sheet it was found on', async () => {
  const cells = [header, good].map((line) => line.split(';'))
  const path = await uploaded('Réseau.xlsx', workbookBytes(cells))
  const page = await text(path)
  expect(page).toContain('classeur Excel')
  expect(page).toContain('Feuille Contacts')
  await choose(path, { basis: 'consent' })
  await start(path)
  expect((await rowOf(path)).counts).toMatchObject({ created: 1, rejected: 0 })
})

test('an empty list says what to do next', async () => {
  const page = await text(`/console/imports?network=${network.name}`)
  expect(page).toContain('Aucun fichier n’a encore été importé dans ce réseau.')
})

test('what a broken upload left is swept away by the next', async () => {
  const orphan = join(store.folder, 'uploads', '0'.repeat(32))
  writeFileSync(orphan, 'x')
  const { utimesSync } = await import('node:fs')
  utimesSync(orphan, new Date('2020-01-01'), new Date('2020-01-01'))
  await uploaded('a.csv', file)
  expect(existsSync(orphan)).toBe(false)
})

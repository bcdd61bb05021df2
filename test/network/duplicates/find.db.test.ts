import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { contacts, duplicates, jobs, notifications } from '../../../src/db/schema.ts'
import { runJobs } from '../../../src/job/run.ts'
import { duplicatesJobId, enqueueDuplicates } from '../../../src/network/duplicates/enqueue.ts'
import { importFile } from '../../../src/network/import/import-file.ts'
import { dismissPair } from '../../../src/network/merge/dismiss.ts'
import { type World, world } from '../../world.ts'

const header = 'Code site;Raison sociale;Code postal;Ville;Identifiant;Prénom;Nom;E-mail;Mobile'
const file = [
  header,
  'S1;Nord;69003;Lyon;A1;Jeanne;Dupont;jeanne@example.com;06 39 98 01 01',
  // The same mobile, elsewhere, under another name.
  'S2;Sud;13001;Marseille;A2;J.;Dupond;;06 39 98 01 01',
  // The same personal mailbox.
  'S3;Est;67000;Strasbourg;A3;Paul;Martin;paul@example.com;',
  'S4;Ouest;35000;Rennes;A4;P.;Martin;paul@example.com;',
  // The same name on the same site, once with first and last name changed about.
  'S5;Centre;45000;Orléans;A5;Zoé;Le Goff;;',
  'S5;Centre;45000;Orléans;A6;ZOE;LE GOFF;;',
  'S5;Centre;45000;Orléans;A7;Le Goff;Zoé;;',
  // The same name in the same town.
  'S6;Haut;42000;Saint-Étienne;A8;Inès;Garnier;;',
  'S7;Bas;42000;ST ETIENNE;A9;Ines;Garnier;;',
  // The same name in another town, a shared mailbox, a switchboard: no reason at all.
  'S8;Loin;59000;Lille;B1;Inès;Garnier;contact@loin.example.com;',
  'S9;Tard;59100;Roubaix;B2;Omar;Haddad;contact@loin.example.com;',
  ...['B3', 'B4', 'B5', 'B6', 'B7'].map((id) => `S9;Tard;59100;Roubaix;${id};Agent;${id};;06 39 98 09 09`),
].join('\n')

let w: World
beforeEach(async () => {
  w = await world({ file })
  await runJobs(w.context)
})
afterEach(() => w.close())

const pairs = async () => {
  const { db } = w.context
  const ids = new Map((await db.select().from(contacts)).map((row) => [row.id, row.externalId]))
  return (await db.select().from(duplicates))
    .map((row) => [[ids.get(row.contactId), ids.get(row.otherId)].sort().join(' '), row.reason, row.status])
    .sort()
}
const search = async () => {
  await enqueueDuplicates(w.context.db, w.network.id, w.clock.now())
  await runJobs(w.context)
}

const found = [
  ['A1 A2', 'same_mobile', 'open'],
  ['A3 A4', 'same_mailbox', 'open'],
  ['A5 A6', 'same_name_same_site', 'open'],
  ['A5 A7', 'same_name_same_site', 'open'],
  ['A6 A7', 'same_name_same_site', 'open'],
  ['A8 A9', 'same_name_same_town', 'open'],
]

test('after an import, those who may be one person are found by their strongest reason, and nobody else', async () => {
  expect(await pairs()).toEqual(found)
  const [job] = await w.context.db.select().from(jobs).where(eq(jobs.id, duplicatesJobId))
  expect(job).toMatchObject({ status: 'done', payload: { result: { found: 6, open: 6, looked: 16 } } })
})

test('searching again finds nothing new and tells nobody twice', async () => {
  const told = await w.context.db.$count(notifications)
  await search()
  expect(await pairs()).toEqual(found)
  expect(await w.context.db.$count(notifications)).toBe(told)
})

test('what was said to be two people stays so, and is not asked again', async () => {
  const { db } = w.context
  const [pair] = await db.select().from(duplicates).where(eq(duplicates.reason, 'same_mobile'))
  await dismissPair(db, pair!, 'someone', w.clock.now())
  await search()
  expect(await pairs()).toContainEqual(['A1 A2', 'same_mobile', 'dismissed'])
})

test('a pair that no longer holds goes by itself; a better reason takes the place of a weaker one', async () => {
  const path = join(w.store.folder, 'mended.csv')
  writeFileSync(
    path,
    [
      header,
      'S2;Sud;13001;Marseille;A2;Julie;Dupond;;06 39 98 02 02',
      'S6;Haut;42000;Saint-Étienne;A8;Inès;Garnier;ines@example.com;',
      'S7;Bas;42000;ST ETIENNE;A9;Ines;Garnier;ines@example.com;',
    ].join('\n'),
  )
  const { db } = w.context
  await importFile(w.context, { file: path, networkId: w.network.id })
  await db.update(contacts).set({ isActive: false }).where(eq(contacts.externalId, 'A7'))
  await runJobs(w.context)
  expect(await pairs()).toEqual([
    // The number remains behind the new one, for what comes in.
    ['A1 A2', 'same_mobile', 'open'],
    ['A3 A4', 'same_mailbox', 'open'],
    ['A5 A6', 'same_name_same_site', 'open'],
    ['A8 A9', 'same_mailbox', 'open'],
  ])
})

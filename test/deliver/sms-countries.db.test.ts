import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decisions, networks } from '../../src/db/schema.ts'
import { listNetworks } from '../../src/network/networks.ts'
import { look } from '../../src/worker.ts'
import { type Live, live, smsStep } from './live.ts'

const header =
  'Code site;Raison sociale;Typologie;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Profil;Mobile;Langue;Accord SMS'
const file = [
  header,
  'S1;Toits;Artisan;69002;Lyon;France;P1;Jean;Un;Terrain;06 39 98 00 01;fr;oui',
  'S2;Tuiles;Artisan;97410;Saint-Pierre;Réunion;P2;Jean;Deux;Terrain;0692 12 34 56;fr;oui',
  'S3;Daken;Artisan;1000;Bruxelles;Belgique;P3;Jan;Drie;Terrain;+32 470 12 34 56;fr;oui',
].join('\n')

let l: Live
beforeEach(async () => {
  l = await live({ file })
})
afterEach(() => l.close())

const lookAround = async () => look(l.context, (await listNetworks(l.context.db))[0]!, l.clock.now())
const open = (value: string[]) =>
  l.context.db.update(networks).set({
    settings: {
      ...l.network.settings,
      defaults: { smsCountries: { value, source: 'ours', checkedOn: '2027-01-01', setBy: 'somebody' } },
    },
  })

test('a number outside the countries a network has opened is not texted, and the decision says so', async () => {
  await l.owe(smsStep, 'class: transactional')
  await lookAround()
  expect(await l.of('P1')).toMatchObject([{ status: 'accepted' }])
  expect(await l.of('P2')).toMatchObject([{ status: 'accepted' }])
  expect(await l.of('P3')).toEqual([])
  const rows = await l.context.db.select().from(decisions)
  const because = rows.flatMap((row) => row.because)
  expect(because).toContainEqual({ code: 'country_closed', params: { channel: 'sms', country: 'BE' } })
})

test('a country closed after it was decided is closed at the claim', async () => {
  await l.owe(smsStep, 'class: transactional')
  await open(['FR'])
  await lookAround()
  expect(await l.of('P1')).toMatchObject([{ status: 'accepted' }])
  expect(await l.of('P2')).toMatchObject([{ status: 'suppressed', reason: 'country_closed' }])
  expect(l.twilio.messages.map(({ to }) => to)).toEqual(['+33639980001'])
})

test('a list that cannot be read stops the texts rather than opening everything', async () => {
  await l.owe(smsStep, 'class: transactional')
  await l.context.db.update(networks).set({ settings: { defaults: { smsCountries: { value: 'FR' } } } })
  await lookAround()
  expect(await l.of('P1')).toMatchObject([{ status: 'needs_review', reason: 'check_failed' }])
  expect(l.twilio.messages).toEqual([])
  await l.context.db.update(networks).set({ settings: {} }).where(eq(networks.id, l.network.id))
})

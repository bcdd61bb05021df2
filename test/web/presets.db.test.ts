import type { serve } from '@hono/node-server'
import { and, asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { campaigns, contacts, deliveries, messages } from '../../src/db/schema.ts'
import { advance } from '../../src/time-machine.ts'
import { type World, world } from '../world.ts'
import { browserAt, freePort, type HttpBrowser, serveSite, words } from './over-http.ts'

/**
 * The presets as a marketer uses them: chosen, dated and launched by the console's forms over real HTTP, the clock put
 * on by years, then whoever got what looked up in the outbox.
 */
const file = [
  'Code site;Raison sociale;Typologie;Adresse 1;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Fonction;Profil;E-mail;Mobile;Langue;Accord e-mail;Accord SMS',
  'S1;Bâti Pro;Distributeur;4 avenue de Lyon;69003;Lyon;France;odile;Odile;Martin;Assistante;Bureau;odile@batipro.example.com;;fr;oui;',
  'S2;Mill Supplies;Distributeur;8 quai Perrache;69002;Lyon;France;anna;Anna;Mill;Director;Dirigeant;anna@mill.example.com;;en;oui;',
  'S2;Mill Supplies;Distributeur;8 quai Perrache;69002;Lyon;France;ben;Ben;Cole;Counter;Comptoir;;06 39 98 00 02;en;;oui',
  'S3;Perdu SARL;Artisan;;;;France;jean;Jean;Perdu;Plombier;Terrain;;;fr;;',
].join('\r\n')
/** Everything arrives, and nobody does anything by chance. */
const leanings = () =>
  new Proxy<Record<string, boolean>>({}, { get: (_, name) => name === 'sent' || name === 'delivered' })

let w: World
let server: ReturnType<typeof serve>
let owner: HttpBrowser
let origin: string

beforeAll(async () => {
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  w = await world({
    at: new Date('2027-01-04T08:00:00Z'),
    file,
    simulation: { seed: 'still', leanings },
    config: { publicUrl: origin, shortUrl: origin },
  })
  server = serveSite(w.relais, port)
  owner = browserAt(origin, w.relais)
  await owner.signIn()
})
afterAll(async () => {
  server.close()
  await w.close()
})

const moveTo = (iso: string) => advance(w.context, w.network, { to: new Date(iso) })

/** Chooses a preset, dates it, changes its file where asked, and launches it; each by its form. */
async function launch(preset: string, title: string, at: string, change?: (text: string) => string): Promise<string> {
  const made = await owner.submit(`/console/campaigns/start?preset=${preset}`, '/console/campaigns', {
    title,
    launch: at,
  })
  expect([made.status, await made.clone().text()]).toEqual([303, ''])
  const here = made.headers.get('location')!.split('?')[0]!
  if (change) {
    const html = await (await owner.get(`${here}/source`)).text()
    const [, shown = ''] = /<textarea[^>]*>([\s\S]*?)<\/textarea>/.exec(html)!
    const text = change(shown.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'))
    expect((await owner.submit(`${here}/source`, `${here}/source`, { text })).status).toBe(303)
  }
  // The audience is counted beside the page, which asks again until it is.
  for (let looks = 0; !(await (await owner.get(`${here}/launch`)).text()).includes('name="seen"'); looks++)
    if (looks > 200) throw new Error(`The plan of ${preset} never came.`)
  const launched = await owner.submit(`${here}/launch`, `${here}/launch`, {})
  expect(launched.headers.get('location')).toContain('said=launched')
  return here.split('/').at(-1)!
}

/** What left for whom: "2027-03-01 Odile email", in the order it left; of an outlet's letter, its people. */
async function left(campaignId: string, step: string, channel?: string): Promise<string[]> {
  const { db } = w.context
  const people = new Map(
    (await db.select().from(contacts)).map(({ id, siteId, firstName }) => [id, { siteId, firstName }]),
  )
  const rows = await db
    .select({ delivery: deliveries })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(and(eq(messages.campaignId, campaignId), eq(messages.step, step)))
    .orderBy(asc(deliveries.dueAt), asc(deliveries.recipientKey), asc(deliveries.channel))
  return rows
    .filter(({ delivery }) => (channel ?? delivery.channel) === delivery.channel)
    .map(({ delivery: { recipientKey, channel: by, dueAt } }) => {
      const [kind, id = ''] = recipientKey.split(':')
      const who = kind === 'contact' ? people.get(id)?.firstName : kind
      return `${dueAt?.toISOString().slice(0, 10)} ${who} ${by}`
    })
}
const days = (lines: readonly string[]) => [...new Set(lines.map((line) => line.slice(0, 10)))]
const whoOn = (lines: readonly string[], day: string) =>
  lines
    .filter((line) => line.startsWith(day))
    .map((line) => line.slice(11))
    .toSorted()

/** What the outbox shows of the last thing somebody was sent of a step. */
async function shown(campaignId: string, step: string, externalId: string, channel: 'email' | 'sms'): Promise<string> {
  const recipientKey = `contact:${await w.contactId(externalId)}`
  const rows = await w.context.db
    .select({ id: deliveries.id, dueAt: deliveries.dueAt })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(
      and(
        eq(messages.campaignId, campaignId),
        eq(messages.step, step),
        eq(deliveries.recipientKey, recipientKey),
        eq(deliveries.channel, channel),
      ),
    )
    .orderBy(asc(deliveries.dueAt))
  const answer = await owner.get(`/console/outbox/${rows.at(-1)!.id}/content`)
  expect(answer.status).toBe(200)
  return answer.text()
}

test('a newsletter on the last day of the month comes fourteen months running, also where the month is short', async () => {
  const id = await launch('newsletter', 'La lettre', '2027-01-29T09:00', (text) =>
    text.replace('on: second tuesday', 'on: last day\n    count: 14'),
  )
  await moveTo('2028-03-05T08:00:00Z')
  const lines = await left(id, 'lettre')
  // A Sunday, a Saturday and All Saints' Day after a Sunday give way to the next working day; 2028 is a leap year.
  expect(days(lines)).toEqual([
    ...['2027-02-01', '2027-03-01', '2027-03-31', '2027-04-30', '2027-05-31', '2027-06-30', '2027-08-02'],
    ...['2027-08-31', '2027-09-30', '2027-11-02', '2027-11-30', '2027-12-31', '2028-01-31', '2028-02-29'],
  ])
  for (const day of days(lines))
    expect(whoOn(lines, day)).toEqual(
      expect.arrayContaining(['Anna email', 'Ben intranet', 'Jean intranet', 'Odile email']),
    )
  expect(lines.filter((line) => line.endsWith('email'))).toHaveLength(2 * 14)
  const [french, english] = [await shown(id, 'lettre', 'odile', 'email'), await shown(id, 'lettre', 'anna', 'email')]
  expect(words(french)).toMatch(/Les nouvelles du mois .*Odile.*trois gammes nouvelles.*Lire la suite/)
  expect(words(english)).toMatch(/This month’s news .*Anna.*three new ranges.*/)
  expect(words(english)).not.toMatch(/nouvelles|gammes|Bonjour/)
})

test('the quarterly bulletin: a letter an outlet, and a word by e-mail when it is on its way, five quarters running', async () => {
  const id = await launch('quarterly-bulletin', 'Le bulletin', '2028-03-31T10:00')
  await moveTo('2029-04-10T08:00:00Z')
  const [letters, mails] = [await left(id, 'bulletin', 'print'), await left(id, 'annonce', 'email')]
  // 30 September and 31 December 2028 are no working days.
  expect(days(letters)).toEqual(['2028-03-31', '2028-06-30', '2028-09-29', '2028-12-29', '2029-03-30'])
  for (const day of days(letters)) expect(whoOn(letters, day)).toHaveLength(2)
  // 1 January is a holiday, and 2 April 2029 Easter Monday.
  expect(days(mails)).toEqual(['2028-04-03', '2028-07-03', '2028-10-02', '2029-01-02', '2029-04-03'])
  for (const day of days(mails)) expect(whoOn(mails, day)).toEqual(['Anna email', 'Odile email'])
  expect(words(await shown(id, 'annonce', 'odile', 'email'))).toMatch(/Le bulletin part aujourd’hui par la poste/)
  expect(words(await shown(id, 'annonce', 'anna', 'email'))).toContain('The quarter’s figures')
})

test('an invitation is answered with one tap: who comes is reminded the day before, who said nothing is asked again', async () => {
  const id = await launch('invitation', 'Réunion régionale', '2029-05-07T09:00')
  await moveTo('2029-05-28T08:00:00Z')
  expect((await left(id, 'lettre')).map((line) => line.slice(11))).toEqual(
    expect.arrayContaining(['Odile print', 'Anna print', 'Ben print']),
  )
  const mail = await shown(id, 'invitation', 'odile', 'email')
  const { pathname } = new URL(/https?:\/\/[^"]*\/r\/[^"]+/.exec(mail)![0])
  const odile = browserAt(origin, w.relais)
  expect(await odile.read(pathname)).toContain('Je m’inscris')
  expect(words(await (await odile.submit(pathname, pathname, {})).text())).toContain('C’est noté')
  // Pressed again, and looked at again: she is registered once.
  expect(await odile.read(pathname)).not.toContain('Je m’inscris')
  await moveTo('2029-06-24T08:00:00Z')
  const [asked, reminded] = [await left(id, 'relance'), await left(id, 'veille')]
  expect(days(asked)).toEqual(['2029-06-07'])
  expect(asked.map((line) => line.slice(11))).toEqual(expect.arrayContaining(['Anna email', 'Ben sms']))
  expect(asked.join()).not.toContain('Odile')
  expect(days(reminded)).toEqual(['2029-06-20'])
  expect(reminded.map((line) => line.slice(11))).toContain('Odile email')
  expect(reminded.join()).not.toMatch(/Anna|Ben|Jean/)
  expect(words(await shown(id, 'relance', 'anna', 'email'))).toContain('You have not answered yet')
  expect(words(await shown(id, 'veille', 'odile', 'email'))).toMatch(/C’est demain/)
  const [row] = await w.context.db.select().from(campaigns).where(eq(campaigns.id, id))
  expect(row?.status).toBe('finished')
})

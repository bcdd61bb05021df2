import type { serve } from '@hono/node-server'
import { and, asc, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { type Challenge, findChallenge } from '../../src/challenge/challenge.ts'
import type { PrintContent } from '../../src/channel.ts'
import { newId } from '../../src/db/index.ts'
import {
  campaigns,
  challengeLedger,
  challengeParticipants,
  challengeResults,
  challengeStandings,
  contacts,
  deliveries,
  memberships,
  users,
} from '../../src/db/schema.ts'
import { keptContent } from '../../src/deliver/kept-content.ts'
import { tickAll } from '../../src/worker.ts'
import { type FakeSendGrid, startSendGrid } from '../providers/sendgrid.ts'
import { type FakeTwilio, startTwilio } from '../providers/twilio.ts'
import { browserAt, type Fields, freePort, type HttpBrowser, serveSite, words } from '../web/over-http.ts'
import { cast, castFile, type World, world } from '../world.ts'
import { challengeFile } from './challenge-world.ts'

/**
 * A challenge through the real HTTP server and by nothing else: every way in, every way a result comes, and what those
 * who take part see of it. Twilio and SendGrid are reached by their own SDKs.
 */
const sellers = Array.from({ length: 8 }, (_, n) => `V${n + 1}`)
const file = [
  castFile,
  ...sellers.map(
    (id, n) =>
      `S1${n};Magasin ${n + 1};Distributeur;Gold;${n + 1} rue du Bac;69002;Lyon;France;;${id};Vendeur;Numéro${n + 1};Vendeur;Comptoir;${id.toLowerCase()}@magasin.example.com;;fr;oui;;`,
  ),
].join('\r\n')
const campaign = challengeFile().replace(
  'steps:\n',
  'steps:\n  - { name: kit, at: "launch - 2 working days, 10:00", intent: relationship, channels: [print], template: challenge/kit, asksRegistration: true }\n',
)

let w: World
let twilio: FakeTwilio
let sendgrid: FakeSendGrid
let server: ReturnType<typeof serve>
let origin: string
let challenge: Challenge
let owner: HttpBrowser
let karim: HttpBrowser
let key: string
const visitor = () => browserAt(origin, w.relais)

/** One look of the worker, as it looks each second. */
const settleDown = () => tickAll(w.context)
const moveTo = async (iso: string) => {
  w.clock.set(new Date(iso))
  await settleDown()
}

beforeAll(async () => {
  twilio = await startTwilio({ now: () => w.clock.now() })
  sendgrid = await startSendGrid()
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  w = await world({
    mode: 'live',
    at: new Date('2027-01-08T06:00:00Z'),
    file,
    config: {
      publicUrl: origin,
      shortUrl: origin,
      twilio: { accountSid: twilio.accountSid, authToken: twilio.authToken, from: '36180', baseUrl: twilio.url },
      sendgrid: { apiKey: sendgrid.apiKey, webhookPublicKey: sendgrid.webhookPublicKey, baseUrl: sendgrid.url },
    },
  })
  server = serveSite(w.relais, port)
  const { db } = w.context
  const source = { file: 'sled.yaml', text: campaign }
  const { campaignId } = await launchCampaign(w.context, w.network, source, 'operator', w.clock.now())
  challenge = (await findChallenge(db, w.network.id, campaignId))!
  const at = w.clock.now()
  const user = { id: newId(), name: 'Karim Benali', email: cast.karim.email, createdAt: at, updatedAt: at }
  await db.insert(users).values(user)
  const scope = { sites: [(await db.select().from(contacts).where(eq(contacts.externalId, 'P3')))[0]!.siteId] }
  await db
    .insert(memberships)
    .values({ networkId: w.network.id, userId: user.id, role: 'partner', scope, createdAt: at })
  await moveTo('2027-01-08T09:30:00Z')
  await moveTo('2027-01-12T09:00:00Z')
  await signIn()
})
afterAll(async () => {
  server.close()
  await w.close()
  await twilio.close()
  await sendgrid.close()
})

/** Sessions end after some days without a look. */
async function signIn() {
  owner = visitor()
  await owner.signIn()
  karim = visitor()
  await karim.signIn(cast.karim.email)
}

let texted = 0
/** A text message as Twilio posts it, each with an id of its own. */
async function text(from: string, said: string) {
  const MessageSid = `SM${String(++texted).padStart(32, '0')}`
  const { url, headers, body } = twilio.inbound(origin, said, from, '36180', { MessageSid })
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBeLessThan(300)
}
const desk = () => `/p/challenges/${challenge.id}`
const room = () => `/console/campaigns/${challenge.campaignId}/challenge`
const upload = (what: 'participants' | 'results', lines: readonly string[]) =>
  owner
    .submit(room(), `${room()}/import`, { what, file: new File([lines.join('\r\n')], `${what}.csv`) })
    .then(async (answer) => words(await answer.text()))
const columns = 'Identifiant;Critère;Quantité;Date;Référence'
const ask = (body: object) =>
  fetch(`${origin}/api/v1/challenges/${challenge.id}/results`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
  })
const tell = async (fields: Fields) =>
  words(await (await karim.submit(desk(), desk(), fields, 'value="result"')).text())
const participant = async (externalId: string) => {
  const contactId = await w.contactId(externalId)
  const rows = await w.context.db
    .select()
    .from(challengeParticipants)
    .where(eq(challengeParticipants.contactId, contactId))
  return rows[0]
}
const ledger = () => w.context.db.select().from(challengeLedger).orderBy(asc(challengeLedger.id))
const resultsOf = async (externalId: string) =>
  w.context.db
    .select()
    .from(challengeResults)
    .where(eq(challengeResults.participantId, (await participant(externalId))!.id))
    .orderBy(asc(challengeResults.id))
const pointsOf = async (externalId: string) => {
  const [row] = await w.context.db
    .select()
    .from(challengeStandings)
    .where(
      and(
        eq(challengeStandings.board, 'person'),
        eq(challengeStandings.subjectKey, (await participant(externalId))!.id),
      ),
    )
  return row?.points ?? 0
}

describe('the ways in', () => {
  test('one tap behind the link of an e-mail; to look is not to enter', async () => {
    const { html } = sendgrid.mails.find(({ to }) => to === cast.odile.email)!
    const { pathname } = new URL(/https?:\/\/[^"]*\/r\/[^"]+/.exec(html)![0])
    const odile = visitor()
    expect(await odile.read(pathname)).toContain('Je participe')
    expect(await participant('P2')).toBeUndefined()
    const answer = await odile.submit(pathname, pathname, {}, 'value="register"')
    expect(words(await answer.text())).toContain('Vous êtes inscrit.')
    expect(await participant('P2')).toMatchObject({ way: 'link', status: 'registered' })
  })

  test('a keyword sent back to a text message, which is answered', async () => {
    await text(cast.marcel.mobile, 'Je participe !')
    await settleDown()
    expect(await participant('P1')).toMatchObject({ way: 'sms', role: 'technique' })
    const answers = twilio.messages.filter(({ to }) => to === cast.marcel.mobile)
    expect(answers.at(-1)!.body).toMatch(/^Grand Nord : .*inscri/)
  })

  test('the portal of a partner, once the rules were accepted', async () => {
    const refused = await karim.submit(desk(), desk(), { agree: '' }, 'value="register"')
    expect(await participant('P3')).toMatchObject({ way: 'portal' })
    expect(refused.status).toBe(200)
  })

  test('a file of the head office, which says whom it did not find', async () => {
    const said = await upload('participants', ['Identifiant', 'P5', ...sellers, 'P99'])
    expect(said).toContain('P99')
    for (const id of ['P5', ...sellers]) expect(await participant(id)).toMatchObject({ way: 'csv' })
  })

  test('the code on the coupon of a letter', async () => {
    const letters = await w.context.db.select().from(deliveries).where(eq(deliveries.channel, 'print'))
    const helene = `contact:${await w.contactId('P4')}`
    const letter = letters.find(({ recipientKey }) => recipientKey === helene)!
    const content = (await keptContent(w.context.db, w.network.id, letter.id)) as PrintContent
    const code = new URL(content.qr!.url).pathname
    expect(code).toMatch(/^\/q\//)
    const phone = visitor()
    const scanned = await phone.get(code)
    expect(scanned.status).toBe(302)
    const { pathname } = new URL(scanned.headers.get('location')!)
    expect(await participant('P4')).toBeUndefined()
    // The letter lies at the outlet: whoever scans it says who they are.
    expect(await phone.read(pathname)).toContain('Qui êtes-vous ?')
    const own = `${pathname}?me=${await w.contactId('P4')}`
    expect(words(await (await phone.submit(own, pathname, {}, 'value="register"')).text())).toContain('inscrit')
    expect(await participant('P4')).toMatchObject({ way: 'coupon', status: 'registered' })
  })
})

const day = 86_400_000
/** Every row the ledger ever had, by its id: none changes and none goes. */
const everWritten = new Map<string, unknown>()
afterEach(async () => {
  const rows = new Map((await ledger()).map((row) => [row.id, row]))
  for (const [id, row] of everWritten) expect(rows.get(id)).toEqual(row)
  for (const [id, row] of rows) everWritten.set(id, row)
})

describe('the ways results come', () => {
  beforeAll(async () => {
    await moveTo('2027-01-13T09:00:00Z')
    const made = await owner.submit('/console/settings/keys/new', '/console/settings/keys', {
      ...{ name: 'ERP', days: '90', perMinute: '1000', permissions: 'event.write' },
    })
    key = /rl_live_[A-Za-z0-9]+/.exec(await made.text())![0]
  })

  test('a file: each line once, however often it is sent', async () => {
    const first = [12, 12, 12, 12, 12, 12].map((many, n) => `V${n + 1};ventes;${many};12/01/2027;A-${n}`)
    const second = [11, 10, 9, 8, 7, 6].map((many, n) => `V${n + 1};ventes;${many};13/01/2027;B-${n}`)
    const few = ['V7;ventes;6', 'V8;ventes;5', 'P2;ventes;4', 'P5;ventes;3', 'P4;ventes;2', 'P3;ventes;1']
    const lines = [columns, ...first, ...second, ...few.map((line, n) => `${line};13/01/2027;C-${n}`)]
    expect(await upload('results', lines)).toContain('Nouvelles : 18.')
    const before = await ledger()
    expect(await upload('results', lines)).toContain('Nouvelles : 0. Corrigées : 0. Inchangées : 18.')
    expect(await ledger()).toEqual(before)
    expect(await pointsOf('V1')).toBe(230)
    expect(await pointsOf('P3')).toBe(10)
  })

  test('a program, which is told what became of it', async () => {
    const told = { contact: 'P3', criterion: 'ventes', quantity: 2, doneOn: '2027-01-13', reference: 'ERP 9' }
    const [first, second] = [await ask(told), await ask(told)]
    expect([first.status, await first.json()]).toEqual([
      201,
      expect.objectContaining({
        outcome: 'new',
        result: expect.objectContaining({ status: 'validated', way: 'api', site: 'S3' }),
      }),
    ])
    expect(await second.json()).toMatchObject({ outcome: 'known' })
    expect(await pointsOf('P3')).toBe(30)
  })

  test('a form of the portal, with the paper that proves it, which somebody looks at first', async () => {
    expect(await tell({ criterion: 'ventes', quantity: '4' })).toContain('C’est compté.')
    expect(await tell({ criterion: 'formation', quantity: '1' })).not.toContain('Bien reçu')
    const evidence = new File(['%PDF-1.4 attestation'], 'attestation.pdf')
    expect(await tell({ criterion: 'formation', quantity: '1', evidence })).toContain('Bien reçu.')
    expect(await pointsOf('P3')).toBe(70)
    const [shown] = [...(await (await owner.get(room())).text()).matchAll(/href="([^"]*\/evidence\/[^"]+)"/g)]
    const paper = await owner.get(shown![1]!)
    expect([await paper.text(), paper.headers.get('content-disposition')]).toEqual([
      '%PDF-1.4 attestation',
      expect.stringContaining('attestation.pdf'),
    ])
    const { id } = (await resultsOf('P3')).find(({ criterion }) => criterion === 'formation')!
    await owner.submit(room(), `${room()}/results/${id}`, {}, 'value="validate"')
    expect(await pointsOf('P3')).toBe(120)
  })

  test('a text message “VENTE 3”, which stands in the ranking within five seconds', async () => {
    expect(await karim.read(desk())).toContain('120 points')
    await text(cast.karim.mobile, 'VENTE 3')
    w.clock.forward(5_000)
    await settleDown()
    expect(await karim.read(desk())).toMatch(/Karim Benali \(vous\) 150/i)
    const answer = twilio.messages.filter(({ to }) => to === cast.karim.mobile).at(-1)!
    expect(answer.body).toBe('Grand Nord : 3 pris en compte, + 30 points. Total : 150.')
  })

  test('one sees the first three and two on each side of oneself, and never who is last', async () => {
    const listed = async (path: string, browser: HttpBrowser) => {
      const html = await (await browser.get(path)).text()
      const table = /<table class="standing">[\s\S]*?<\/table>/.exec(html)?.[0] ?? ''
      return [...table.matchAll(/<tr(?: class="is-own")?>([\s\S]*?)<\/tr>/g)].slice(1).map(([, row]) => words(row!))
    }
    expect(await listed(desk(), karim)).toEqual([
      '1 Vendeur Numéro1 230',
      '2 Vendeur Numéro2 220',
      '3 Vendeur Numéro3 210',
      '…',
      '5 Vendeur Numéro5 190',
      '6 Vendeur Numéro6 180',
      '7 Karim Benali (vous) 150',
      '8 Vendeur Numéro7 60',
      '9 Vendeur Numéro8 50',
    ])
    const { html } = sendgrid.mails.find(({ to }) => to === cast.odile.email)!
    const own = await listed(new URL(/https?:\/\/[^"]*\/r\/[^"]+/.exec(html)![0]).pathname, visitor())
    // Third from the end: not the two behind her, and nobody else is shown her there.
    expect(own.slice(4)).toEqual(['8 Vendeur Numéro7 60', '9 Vendeur Numéro8 50', '10 Odile Martin (vous) 40'])
  })

  test('what counted and should not have is reversed from the console, with its reason for who told it', async () => {
    const before = await ledger()
    const { id } = (await resultsOf('P3')).find(({ way }) => way === 'api')!
    const path = `${room()}/results/${id}`
    const answer = await owner.submit(room(), path, { reason: 'Facture annulée' }, 'value="refuse"')
    expect(answer.headers.get('location')).toContain('said=done')
    const added = (await ledger()).slice(before.length)
    const credit = before.find(({ resultId }) => resultId === id)!
    expect(added).toEqual([expect.objectContaining({ kind: 'reversal', points: -20, reversesId: credit.id })])
    expect(await pointsOf('P3')).toBe(130)
    expect(await karim.read(desk())).toContain('Facture annulée')
    const again = await ask({
      contact: 'P3',
      criterion: 'ventes',
      quantity: 2,
      doneOn: '2027-01-13',
      reference: 'ERP 9',
    })
    expect(await again.json()).toMatchObject({ outcome: 'known' })
    expect(await pointsOf('P3')).toBe(130)
  })
})

const ways = ['csv', 'api', 'portal', 'sms'] as const
type Way = (typeof ways)[number]

describe('told twice', () => {
  /** Karim tells of a sale of today, by one of the ways. */
  const tellBy: Record<Way, (quantity: number, reference: string) => Promise<unknown>> = {
    csv: (quantity, reference) => upload('results', [columns, `P3;ventes;${quantity};${today()};${reference}`]),
    api: (quantity, reference) => ask({ contact: 'P3', criterion: 'ventes', quantity, doneOn: today(), reference }),
    portal: (quantity, reference) => tell({ criterion: 'ventes', quantity: String(quantity), reference }),
    sms: async (quantity) => {
      await text(cast.karim.mobile, `VENTE ${quantity}`)
      await settleDown()
    },
  }
  const today = () => w.clock.now().toISOString().slice(0, 10)

  test.each(ways)('first by %s, then by any other: counted once, and held for a person', async (first) => {
    // Far from what was told before, and each quantity its own.
    w.clock.forward(3 * day)
    await signIn()
    for (const [n, second] of ways.filter((way) => way !== first).entries()) {
      const quantity = n + 1
      const before = await pointsOf('P3')
      const known = (await resultsOf('P3')).length
      await tellBy[first](quantity, `F-${first}-${quantity}`)
      await tellBy[second](quantity, `f ${first} ${quantity}`)
      const fresh = (await resultsOf('P3')).slice(known)
      expect([second, fresh.map(({ way, status }) => [way, status])]).toEqual([
        second,
        [
          [first, 'validated'],
          [second, 'pending'],
        ],
      ])
      expect(fresh[1]).toMatchObject({ suspicion: expect.stringMatching(/^same_/), suspectId: fresh[0]!.id })
      expect(await pointsOf('P3')).toBe(before + quantity * 10)
    }
    expect(await owner.read(room())).toMatch(/Double possible|Référence déjà déclarée/)
  })

  test('at the same time, in two requests with one reference: exactly one counts, whoever claims it', async () => {
    w.clock.forward(3 * day)
    await signIn()
    const counted = async (reference: string) =>
      (await w.context.db.select().from(challengeResults)).filter(
        (row) => row.reference === reference && row.status === 'validated',
      )
    const sale = { criterion: 'ventes', quantity: 5, doneOn: today() }
    for (let round = 0; round < 4; round++) {
      const reference = `AT ONCE ${round}`
      const same = await Promise.all([1, 2, 3].map(() => ask({ ...sale, contact: `V${round + 1}`, reference })))
      const outcomes = await Promise.all(same.map(async (one) => ((await one.json()) as { outcome: string }).outcome))
      expect(outcomes.toSorted()).toEqual(['known', 'known', 'new'])
      expect(await counted(reference)).toHaveLength(1)
      const claimed = `CLAIMED ${round}`
      const [one, other] = [{ ...sale, quantity: 1 + round }, `P3;ventes;${1 + round};${today()};${claimed}`] as const
      await Promise.all([
        ask({ ...one, contact: `V${round + 5}`, reference: claimed }),
        upload('results', [columns, other]),
      ])
      const both = (await w.context.db.select().from(challengeResults)).filter((row) => row.reference === claimed)
      expect(both.map(({ status, suspicion }) => `${status} ${suspicion}`).toSorted()).toEqual([
        'pending same_reference',
        'validated null',
      ])
    }
    const sums = new Map<string, number>()
    for (const { participantId, points } of await ledger())
      sums.set(participantId, (sums.get(participantId) ?? 0) + points)
    for (const id of ['P3', ...sellers]) expect(await pointsOf(id)).toBe(sums.get((await participant(id))!.id))
  })
})

describe('the last days', () => {
  test('hide the rankings from those who take part, who still see their own way; the head office sees them', async () => {
    // The day before the last ten.
    w.clock.set(new Date('2027-03-02T16:00:00Z'))
    await signIn()
    expect(await karim.read(desk())).toContain('Vendeur Numéro1')
    w.clock.set(new Date('2027-03-02T18:00:00Z'))
    const hidden = await karim.read(desk())
    expect(hidden).toContain('Les classements sont masqués pour les derniers jours')
    expect(hidden).not.toContain('Vendeur')
    expect(await owner.read(`/console/campaigns/${challenge.campaignId}/ranking`)).toContain('Vendeur Numéro1')
  })

  test('keep the campaign running, whose messages all left long ago, for as long as results are taken', async () => {
    const statusNow = async () => {
      await settleDown()
      const [row] = await w.context.db.select().from(campaigns).where(eq(campaigns.id, challenge.campaignId))
      return row!.status
    }
    expect(await statusNow()).toBe('running')
    w.clock.set(new Date(challenge.resultsUntil.getTime() + 1))
    expect(await statusNow()).toBe('finished')
  })
})

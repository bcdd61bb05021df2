import { readFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { broadcasts, campaigns, decisions, events } from '../../src/db/schema.ts'
import { createSite } from '../../src/site.ts'
import { receive } from '../../src/tracking/inbox.ts'
import { look } from '../../src/worker.ts'
import { type Live, live } from '../deliver/live.ts'
import type { SignedCall } from '../providers/server.ts'
import { addScreen, cast } from '../world.ts'

const minute = 60_000
/** Saturday evening, half past ten in Paris: nobody would be written to but for a danger. */
const saturdayNight = new Date('2027-01-16T21:30:00Z')
const publicUrl = 'https://relais.example.com'

let l: Live
let site: ReturnType<typeof createSite>
const open = async () => {
  l = await live({ at: saturdayNight })
  await addScreen(l, cast.karim.id)
  site = createSite(l.relais)
}

const settleDown = async () => {
  while ((await look(l.context, l.network, l.clock.now())).didSomething);
}
const moveTo = async (minutes: number) => {
  l.clock.set(new Date(saturdayNight.getTime() + minutes * minute))
  await settleDown()
}
const launch = async () => {
  const text = readFileSync('campaigns/urgent-notice.yaml', 'utf8')
  await launchCampaign(l.context, l.network, { file: 'urgent-notice.yaml', text }, 'test', l.clock.now())
  await moveTo(0)
}
const call = ({ url, headers, body }: SignedCall) => site.fetch(new Request(url, { method: 'POST', headers, body }))
const mailsTo = (address: string) => l.sendgrid.mails.filter(({ to }) => to === address)
const ackLink = (address: string) => {
  const { html } = mailsTo(address)[0]!
  return /https:\/\/relais\.example\.com\/a\/[A-Za-z0-9_-]+/.exec(html)![0]
}
const textsTo = (phone: string) => l.twilio.messages.filter(({ to }) => to === phone)
const hopsOf = async (who: string) => {
  const contactId = await l.contactId(who)
  const rows = await l.context.db.select().from(decisions).where(eq(decisions.contactId, contactId))
  return rows.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime()).map((row) => [row.occurrence, row.channel])
}

describe('the urgent notice of campaigns/urgent-notice.yaml', () => {
  beforeAll(open)
  afterAll(() => l.close())

  test('at once: a text to every phone, whatever the hour and without marketing consent, and the screens', async () => {
    await launch()
    expect(l.twilio.messages.map(({ to }) => to).sort()).toEqual(
      [cast.marcel, cast.odile, cast.karim, cast.helene, cast.sylvie].map(({ mobile }) => mobile).sort(),
    )
    expect(textsTo(cast.marcel.mobile)[0]!.body).toMatch(/^URGENT .*Fermeture exceptionnelle/)
    expect(textsTo(cast.marcel.mobile)[0]!.body).not.toMatch(/STOP/)
    expect(l.sendgrid.mails).toEqual([])
    expect(await l.context.db.select().from(broadcasts)).toHaveLength(1)
    expect(await hopsOf('P5')).toEqual([['1', 'screen']])
    expect(await hopsOf('P7')).toEqual([['1', null]])
  })

  test('before a quarter of an hour nobody is asked again; a reply acknowledges', async () => {
    await moveTo(5)
    expect((await call(l.twilio.inbound(publicUrl, 'OK', cast.marcel.mobile, '36180'))).status).toBeLessThan(300)
    await moveTo(14)
    expect(l.twilio.messages).toHaveLength(5)
    expect(l.sendgrid.mails).toEqual([])
  })

  test('after it, who has not acknowledged gets the next channel, also who had it on a screen only', async () => {
    await moveTo(15)
    expect(l.sendgrid.mails.map(({ to }) => to).sort()).toEqual(
      [cast.odile.email, cast.karim.email, cast.helene.email, cast.lucas.email].sort(),
    )
    expect(await hopsOf('P1')).toEqual([['1', 'sms']])
    expect(await hopsOf('P2')).toEqual([
      ['1', 'sms'],
      ['1/not_acted', 'email'],
    ])
    expect((await l.of('P2', 'email'))[0]).toMatchObject({
      fallbackOf: (await l.of('P2', 'sms'))[0]!.id,
      status: 'accepted',
    })
  })

  test('looking at the page of the mail acknowledges nothing, pressing its button does', async () => {
    await moveTo(20)
    const acknowledged = () => l.context.db.$count(events, eq(events.type, 'acknowledge'))
    const before = await acknowledged()
    expect((await site.fetch(new Request(ackLink(cast.odile.email)))).status).toBe(200)
    await settleDown()
    expect(await acknowledged()).toBe(before)
    expect((await site.fetch(new Request(ackLink(cast.odile.email), { method: 'POST' }))).status).toBe(200)
    await settleDown()
    expect(await acknowledged()).toBe(before + 1)
  })

  test('nothing goes out twice, and the ladder ends: a stand-in has none of its own', async () => {
    for (const minutes of [25, 30, 31, 45, 60, 24 * 60]) await moveTo(minutes)
    expect(l.twilio.messages).toHaveLength(5)
    expect(l.sendgrid.mails).toHaveLength(4)
  })

  test('once every wait is over, the campaign is finished', async () => {
    await moveTo(25 * 60)
    expect(await l.context.db.select().from(campaigns)).toEqual([expect.objectContaining({ status: 'finished' })])
  })
})

describe('on the way', () => {
  beforeEach(open)
  afterEach(() => l.close())
  const karimsPlace = [cast.karim.email, cast.lucas.email]

  test('an outlet of which one person has answered is left in peace', async () => {
    await launch()
    await moveTo(3)
    await call(l.twilio.inbound(publicUrl, 'Vu', cast.karim.mobile, '36180'))
    await moveTo(15)
    expect(l.sendgrid.mails.map(({ to }) => to).filter((to) => karimsPlace.includes(to as never))).toEqual([])
    expect(mailsTo(cast.odile.email)).toHaveLength(1)
  })

  test('so is one where somebody has acknowledged before its screen', async () => {
    await launch()
    const [screen] = await l.of('P5', 'screen')
    const told = { dedupeKey: 'button', type: 'acknowledge' as const, networkId: l.network.id, data: {} }
    await receive(l.context.db, 'screen', [{ ...told, deliveryId: screen!.id, attempt: 1 }], l.clock.now())
    await moveTo(15)
    expect(l.sendgrid.mails.map(({ to }) => to).filter((to) => karimsPlace.includes(to as never))).toEqual([])
    expect(mailsTo(cast.odile.email)).toHaveLength(1)
  })

  test('a text whose fate is in doubt does not keep the next channel waiting', async () => {
    l.twilio.plan.always('500-before')
    await launch()
    l.twilio.plan.always(undefined)
    expect((await l.of('P4'))[0]).toMatchObject({ status: 'unknown' })
    await moveTo(15)
    expect(mailsTo(cast.helene.email)).toHaveLength(1)
  })

  test('a text that was refused for good goes on at once', async () => {
    l.twilio.refuse(cast.helene.mobile, 400, 21614, 'not a mobile')
    await launch()
    expect(mailsTo(cast.helene.email)).toHaveLength(1)
    await moveTo(30)
    expect(mailsTo(cast.helene.email)).toHaveLength(1)
  })
})

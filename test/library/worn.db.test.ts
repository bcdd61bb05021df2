import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EmailContent, PrintContent } from '../../src/channel.ts'
import { contacts, contentVersions, deliveries, files, senders } from '../../src/db/schema.ts'
import { keptContent } from '../../src/deliver/kept-content.ts'
import { type Brand, emptyBrand, publishDraft, saveDraft, savePartner } from '../../src/library/brand.ts'
import { everyUseOf } from '../../src/library/picture-use.ts'
import { pictureFile } from '../../src/library/pictures.ts'
import { picturesForPrint } from '../../src/library/print-pictures.ts'
import { type Live, live, mailStep, smsStep } from '../deliver/live.ts'
import { keepPicture } from './in-library.ts'
import { png } from './pictures.ts'

const toOdile = 'audience: { rule: { profile: office } }'
const printStep = 'intent: follow-up, channels: [print], template: challenge/launch'
const by = { userId: 'u1', at: new Date('2027-01-12T09:00:00Z') }

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(() => l.close())

const wear = async (brand: Partial<Brand>) => {
  const change = { networkId: l.network.id, ...by }
  await l.context.db.transaction((tx) => saveDraft(tx, change, { ...emptyBrand, ...brand }))
  await l.context.db.transaction((tx) => publishDraft(tx, change))
}
const siteOf = async (externalId: string) => {
  const [row] = await l.context.db
    .select({ siteId: contacts.siteId })
    .from(contacts)
    .where(eq(contacts.externalId, externalId))
  return row!.siteId
}
const partner = async (externalId: string, brand: { name: string; logo?: string } | undefined) => {
  const siteId = await siteOf(externalId)
  await l.context.db.transaction((tx) => savePartner(tx, { networkId: l.network.id, siteId, ...by }, brand))
}
const contentOf = async <T>(deliveryId: string): Promise<T> => {
  return (await keptContent(l.context.db, l.network.id, deliveryId)) as T
}
const bodyOf = (raw: string | undefined) => {
  const { personalizations, ...words } = JSON.parse(raw ?? '{}') as {
    personalizations: { custom_args?: { attempt?: string } }[]
  }
  for (const one of personalizations) delete one.custom_args?.attempt
  return { personalizations, ...words }
}
/** Refused once, then again an hour later. */
const twice = async (between: () => Promise<void>) => {
  l.sendgrid.plan.next('429')
  await l.deliver()
  await between()
  l.clock.forward(3_600_000)
  await l.deliver()
  expect(l.sendgrid.requests).toHaveLength(2)
  return l.sendgrid.requests.map(bodyOf)
}

describe('what a message wears is fixed with its words', () => {
  test('a retry sends the same bytes though another brand was published meanwhile', async () => {
    const logo = await keepPicture(l.context.db, l.network.id, png({ width: 220, height: 56 }))
    await wear({ main: '#123456', logo: logo.id, senders: { email: 'Équipe Rhône' } })
    await l.owe(mailStep, toOdile)
    const [first, second] = await twice(() => wear({ main: '#b3001b', senders: { email: 'Autre nom' } }))
    expect(second).toEqual(first)
    const sent = JSON.stringify(first)
    expect(sent).toContain('#123456')
    expect(sent).toContain(`https://relais.example.com/i/${pictureFile(l.network.number, logo)}`)
    expect(sent).toContain('"name":"Équipe Rhône"')
    expect(sent).not.toContain('#b3001b')
  })

  test('a message is worn as its campaign was launched: a brand published later is for the next one', async () => {
    await wear({ main: '#123456' })
    await l.owe(mailStep, toOdile)
    await wear({ main: '#b3001b' })
    await l.deliver()
    expect(JSON.stringify(bodyOf(l.sendgrid.requests[0]))).toContain('#123456')
  })

  test('the same brand makes one content version, another brand another', async () => {
    const versions = () => l.context.db.$count(contentVersions, eq(contentVersions.channel, 'email'))
    await wear({ main: '#123456' })
    await l.owe(mailStep, toOdile)
    await l.deliver()
    await l.owe(mailStep, `class: transactional\n${toOdile}`)
    await l.deliver()
    expect(await versions()).toBe(1)
    await wear({ main: '#b3001b' })
    await l.owe(mailStep, `class: transactional\n${toOdile}`)
    await l.deliver()
    expect(await versions()).toBe(2)
  })

  test('a picture that was sent cannot be deleted', async () => {
    const logo = await keepPicture(l.context.db, l.network.id, png({ width: 220, height: 56 }))
    await wear({ logo: logo.id })
    await l.owe(mailStep, toOdile)
    await l.deliver()
    await wear({})
    expect(await everyUseOf(l.context.db, l.network.id, logo)).toEqual([
      { kind: 'pastBrand' },
      { kind: 'sent', template: 'challenge/launch' },
    ])
  })
})

describe('a partner beside the network', () => {
  const coBranded = `coBranding: true\n${toOdile}`
  const htmlOf = async () => (await contentOf<EmailContent>((await l.of('P2', 'email'))[0]!.id)).html

  test('is shown to its own people in a campaign that allows it', async () => {
    const logo = await keepPicture(l.context.db, l.network.id, png({ width: 90, height: 30 }))
    await partner('P2', { name: 'avec Bâti Pro', logo: logo.id })
    await l.owe(mailStep, 'coBranding: true\naudience: { rule: { any: [{ profile: office }, { profile: owner }] } }')
    await l.deliver()
    expect(await htmlOf()).toContain('avec Bâti Pro')
    expect(await htmlOf()).toContain(pictureFile(l.network.number, logo))
    const [other] = await l.of('P4', 'email')
    expect((await contentOf<EmailContent>(other!.id)).html).not.toContain('avec Bâti Pro')
  })

  test('is not shown where the campaign does not say so', async () => {
    await partner('P2', { name: 'avec Bâti Pro' })
    await l.owe(mailStep, toOdile)
    await l.deliver()
    expect(await htmlOf()).not.toContain('avec Bâti Pro')
  })

  test('stays in a retry after it was taken away', async () => {
    await partner('P2', { name: 'avec Bâti Pro' })
    await l.owe(mailStep, coBranded)
    const [first, second] = await twice(() => partner('P2', undefined))
    expect(second).toEqual(first)
    expect(JSON.stringify(first)).toContain('avec Bâti Pro')
  })

  test('and the network’s logo are in its letters, and their greys are found', async () => {
    const logo = await keepPicture(l.context.db, l.network.id, png({ width: 400, height: 100 }))
    await wear({ logo: logo.id, address: ['3 quai de la Marne', '51000 Châlons'] })
    await partner('P2', { name: 'avec Bâti Pro', logo: logo.id })
    await l.owe(printStep, coBranded)
    await l.deliver()
    const [delivery] = await l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'print'))
    const content = await contentOf<PrintContent>(delivery!.id)
    const file = pictureFile(l.network.number, logo)
    expect(content).toMatchObject({
      logo: { file },
      partner: { name: 'avec Bâti Pro', logo: { file } },
      senderLines: ['Réseau Rhône', '3 quai de la Marne', '51000 Châlons'],
    })
    const pictures = picturesForPrint(l.context.db)
    expect(await pictures(file)).toMatchObject({ width: 400, height: 100 })
    expect(await pictures(`1-${'0'.repeat(32)}.png`)).toBeUndefined()
    await l.context.db.delete(files)
    // What was set once is set the same way again.
    expect(await pictures(file)).toMatchObject({ width: 400, height: 100 })
  })
})

describe('the name of text messages', () => {
  const from = async () => {
    await l.owe(smsStep, 'class: transactional')
    await l.deliver()
    return new Set(l.twilio.messages.map((message) => message.form.From))
  }

  test('stands where the sender is a name', async () => {
    await l.context.db.update(senders).set({ address: 'ANCIEN', isTwoWay: false }).where(eq(senders.channel, 'sms'))
    await l.context.db.update(senders).set({ countries: [] })
    await wear({ senders: { sms: 'Rhone Info' } })
    expect(await from()).toEqual(new Set(['Rhone Info']))
  })

  test('never takes the place of a number that people answer', async () => {
    await wear({ senders: { sms: 'Rhone Info' } })
    expect(await from()).toEqual(new Set(['36180']))
  })
})

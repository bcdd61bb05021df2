import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadTemplates, templateCatalog } from '../../src/campaign/templates.ts'
import type { Context } from '../../src/context.ts'
import { campaignWords, contacts, contentVersions, deliveries, renderedContents } from '../../src/db/schema.ts'
import { keptContent } from '../../src/deliver/kept-content.ts'
import type { MergeValues } from '../../src/render/values.ts'
import { look } from '../../src/worker.ts'
import { cast } from '../world.ts'
import { type Live, live, mailStep, smsStep } from './live.ts'

const toOdile = 'audience: { rule: { profile: office } }'
const toHelene = 'audience: { rule: { profile: owner } }'

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(() => l.close())

/** The installation with other files in its templates folder, as after an upgrade or an edit on disk. */
function withTemplates(changed: Record<string, string>): Context {
  const { layouts } = loadTemplates()
  const shared = Object.fromEntries(Object.entries(layouts).map(([name, text]) => [`layouts/${name}`, text]))
  return { ...l.context, templates: templateCatalog({ ...shared, ...changed }) }
}
const mail = (subject: string) => `---\nsubject: "${subject}"\npreheader: "x"\n---\nBonjour, [ici]({{ link }}).`
const lookWith = (context: Context) => look(context, l.network, l.clock.now())
const bodyOf = (raw: string | undefined) => {
  const { personalizations, ...words } = JSON.parse(raw ?? '{}') as {
    personalizations: { custom_args?: { attempt?: string } }[]
  }
  for (const one of personalizations) delete one.custom_args?.attempt
  return { personalizations, ...words }
}

describe('the words are fixed at the first claim', () => {
  test.each([
    ['changed', { 'challenge/launch.fr.email.md': mail('Tout autre chose') }],
    ['gone', {}],
    ['broken', { 'challenge/launch.fr.email.md': mail('{% if %}') }],
  ])('a retry sends the same bytes although the template on disk is %s', async (_, files) => {
    await l.owe(mailStep, toOdile)
    l.sendgrid.plan.next('429')
    await l.deliver()
    expect((await l.of('P2', 'email'))[0]).toMatchObject({ status: 'queued', attempt: 1 })
    l.clock.forward(3_600_000)
    await lookWith(withTemplates(files))
    expect((await l.of('P2', 'email'))[0]).toMatchObject({ status: 'accepted', attempt: 2 })
    expect(l.sendgrid.requests).toHaveLength(2)
    expect(bodyOf(l.sendgrid.requests[1])).toEqual(bodyOf(l.sendgrid.requests[0]))
  })

  test('also when the person’s name has changed meanwhile', async () => {
    await l.owe(mailStep, toOdile)
    l.sendgrid.plan.next('429')
    await l.deliver()
    await l.context.db.update(contacts).set({ firstName: 'Odette' }).where(eq(contacts.externalId, 'P2'))
    l.clock.forward(3_600_000)
    await l.deliver()
    expect(bodyOf(l.sendgrid.requests[1])).toEqual(bodyOf(l.sendgrid.requests[0]))
  })

  test('what was handed over is kept, and its hash with the delivery', async () => {
    await l.owe(mailStep, toOdile)
    await l.deliver()
    const [delivery] = await l.of('P2', 'email')
    const content = await keptContent(l.context.db, l.network.id, delivery!.id)
    const sent = l.sendgrid.mails[0]!.body
    expect(content).toMatchObject({ channel: 'email', subject: sent.subject })
    expect(delivery!.contentHash).toMatch(/^[0-9a-f]{64}$/)
  })

  test('what is kept is small, packed against words in which nobody is named', async () => {
    await l.owe(mailStep, toOdile)
    await l.deliver()
    const [delivery] = await l.of('P2', 'email')
    const { db } = l.context
    const [kept] = await db.select().from(renderedContents).where(eq(renderedContents.deliveryId, delivery!.id))
    const [version] = await db.select().from(contentVersions).where(eq(contentVersions.id, delivery!.contentVersionId!))
    const whole = JSON.stringify(await keptContent(l.context.db, l.network.id, delivery!.id))
    expect(kept!.body.length).toBeLessThan(whole.length / 5)
    const shared = Buffer.from(version!.dictionary!).toString()
    expect(shared.length).toBeGreaterThan(whole.length / 2)
    const { values } = delivery!.mergeValues as { values: MergeValues }
    expect(whole).toContain(values.contact.firstName)
    for (const own of [values.contact.firstName, values.contact.lastName, values.site.name, delivery!.id])
      expect(shared).not.toContain(own)
  })
})

/** As a campaign that was launched before words were fixed with it, or a recurring step: the files are read anew. */
const readFilesAnew = () => l.context.db.delete(campaignWords)

describe('words that cannot be rendered', () => {
  test('fail their delivery with the code, nothing leaves, and the next channel has its turn', async () => {
    await l.owe('intent: follow-up, channels: [email, sms], template: challenge/launch', toHelene)
    await readFilesAnew()
    const emptyFor = mail('{{ contact.attributes.nickname }}')
    const words = { 'challenge/launch.fr.email.md': emptyFor, 'challenge/launch.fr.sms.txt': 'Bonjour {{ link }}' }
    await lookWith(withTemplates(words))
    await lookWith(withTemplates(words))
    expect((await l.of('P4', 'email'))[0]).toMatchObject({
      status: 'failed',
      reason: 'render_subject.empty',
      attempt: 1,
    })
    expect(l.sendgrid.requests).toEqual([])
    expect(l.twilio.messages.map(({ to }) => to)).toEqual([cast.helene.mobile])
    const attempts = await l.attemptsOf((await l.of('P4', 'email'))[0]!.id)
    expect(attempts).toEqual([expect.objectContaining({ outcome: 'refused', code: 'render_subject.empty' })])
  })

  test('a template that does not compile closes its own channel and holds up nothing else', async () => {
    await l.owe(smsStep)
    await l.owe(
      'intent: follow-up, channels: [email, sms], template: challenge/teaser',
      `class: transactional\n${toHelene}`,
    )
    await readFilesAnew()
    const words = {
      'challenge/launch.fr.sms.txt': 'Bonjour {{ link }}',
      'challenge/teaser.fr.sms.txt': 'Bonjour {{ link }}',
      'challenge/teaser.fr.email.md': mail('{% nonsense'),
    }
    await lookWith(withTemplates(words))
    await lookWith(withTemplates(words))
    expect((await l.of('P4', 'email'))[0]).toMatchObject({ status: 'failed', reason: 'content_problem', attempt: 0 })
    expect(l.sendgrid.requests).toEqual([])
    expect(l.twilio.messages.filter(({ to }) => to === cast.helene.mobile)).toHaveLength(2)
    expect(l.twilio.messages.map(({ to }) => to)).toContain(cast.marcel.mobile)
  })
})

test('a delivery whose rendering breaks unexpectedly holds up no other of its batch', async () => {
  await l.owe(mailStep)
  const breaking: Context = {
    ...l.context,
    channels: l.context.channels.map((channel) =>
      channel.provider === 'sendgrid'
        ? {
            ...channel,
            address: (book) => {
              if (book.email?.value === cast.odile.email) throw new TypeError('unexpected')
              return channel.address(book)
            },
          }
        : channel,
    ),
  }
  await l.deliver(breaking)
  expect((await l.of('P2', 'email'))[0]).toMatchObject({ status: 'failed', reason: 'render_failed' })
  expect(l.sendgrid.mails.map(({ to }) => to)).toContain(cast.helene.email)
  expect(await l.context.db.$count(deliveries, eq(deliveries.status, 'sending'))).toBe(0)
})

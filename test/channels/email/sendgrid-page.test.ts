import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { factor, type Parts } from '../../../channels/email/factor.ts'
import { sendgridEmail } from '../../../channels/email/sendgrid.ts'
import type { EmailContent, Outgoing } from '../../../src/channel.ts'
import { type FakeSendGrid, startSendGrid } from '../../providers/sendgrid.ts'
import { outgoingOf } from '../outgoing.ts'

let sendgrid: FakeSendGrid
let channel: ReturnType<typeof sendgridEmail>
beforeAll(async () => {
  sendgrid = await startSendGrid()
  channel = sendgridEmail({ apiKey: sendgrid.apiKey, baseUrl: sendgrid.url, timeoutMs: 5_000 }, 'news@example.com')
})
afterAll(async () => {
  await channel.close?.()
  await sendgrid.close()
})

/** What SendGrid makes of a call, written here a second time: tags in any order, each wherever it stands. */
const filled = (text: string, substitutions: Record<string, string>): string =>
  Object.entries(substitutions)
    .reverse()
    .reduce((sum, [tag, own]) => sum.replaceAll(tag, () => own), text)

const mail = (n: number, content: Partial<EmailContent> = {}, more: Partial<Outgoing> = {}): Outgoing =>
  outgoingOf('email', {
    deliveryId: `delivery-${n}`,
    attempt: 1 + (n % 3),
    to: { id: `address-${n}`, kind: 'email', value: `p${n}@example.com`, isShared: false },
    content: {
      channel: 'email',
      subject: `Bonjour Jean ${n}`,
      preheader: '',
      html: `<p>Cher N${n},</p><p>voici <a href="https://relais.example/c/tok-${n}-${n}">le lien</a></p><p>Fin</p>`,
      text: `Cher N${n},\nle lien : https://relais.example/c/tok-${n}-${n}\nFin\n`,
      headers: { 'List-Unsubscribe': `<https://relais.example/u/${n}>` },
      ...content,
    },
    ...more,
  })

const callsOf = async (mails: Outgoing[]) => {
  const before = sendgrid.requests.length
  const got = sendgrid.mails.length
  const receipts = await channel.send(mails)
  return { receipts, calls: sendgrid.requests.slice(before), mails: sendgrid.mails.slice(got) }
}

/** Everybody got their own words and nobody else's, under their own ids. */
const expectOwnWords = (sent: readonly Outgoing[], got: FakeSendGrid['mails']) => {
  const byId = new Map(got.map((one) => [one.customArgs.delivery_id, one]))
  expect(byId.size).toBe(sent.length)
  for (const { deliveryId, attempt, to, content } of sent) {
    if (content.channel !== 'email') throw new Error('not an e-mail')
    const one = byId.get(deliveryId)!
    expect({ to: one.to, attempt: one.customArgs.attempt }).toEqual({ to: to.value, attempt: String(attempt) })
    expect({ subject: one.subject, html: one.html, text: one.text, headers: one.headers }).toEqual({
      subject: content.subject,
      html: content.html,
      text: content.text,
      headers: content.headers,
    })
  }
}

describe('mails of one message to many', () => {
  it('leave in one call, each with words, headers and ids of its own', async () => {
    const sent = Array.from({ length: 100 }, (_, n) => mail(n))
    const { receipts, calls, mails } = await callsOf(sent)
    expect(calls).toHaveLength(1)
    expectOwnWords(sent, mails)
    const refs = receipts.map((receipt) => (receipt.outcome === 'accepted' ? receipt.ref : ''))
    expect(new Set(refs).size).toBe(100)
    expect(refs).toEqual(sent.map((one) => mails.find((got) => got.customArgs.delivery_id === one.deliveryId)?.id))
    // What all have in common travels once.
    expect(calls[0]!.split('voici').length - 1).toBe(1)
  })

  it('are at most a hundred a call', async () => {
    const { calls } = await callsOf(Array.from({ length: 205 }, (_, n) => mail(n)))
    expect(calls).toHaveLength(3)
  })

  it.each<[string, Outgoing[]]>([
    ['two to one mailbox', [mail(1), mail(2, {}, { to: { ...mail(1).to, value: 'P1@example.com' } })]],
    ['two messages', [mail(1), mail(2, {}, { messageId: 'message-2' })]],
    ['two senders', [mail(1), mail(2, {}, { from: 'fete@example.com' })]],
    ['two names of a sender', [mail(1), mail(2, {}, { fromName: 'La fête' })]],
    ['two shapes', [mail(1), mail(2, { html: '<p>Tout autre chose</p>' })]],
    [
      'words too different for SendGrid to put in',
      [mail(1, { text: `a${'x'.repeat(9_999)}` }), mail(2, { text: 'b' })],
    ],
  ])('do not share one where there are %s', async (_name, sent) => {
    const { calls, mails } = await callsOf(sent)
    expect(calls).toHaveLength(2)
    expectOwnWords(sent, mails)
  })

  it('keep their company when one of them is odd', async () => {
    const sent = Array.from({ length: 64 }, (_, n) => mail(n, n === 17 ? { text: 'x'.repeat(20_000) } : { text: 'a' }))
    const { calls, mails } = await callsOf(sent)
    expectOwnWords(sent, mails)
    expect(calls.length).toBeLessThanOrEqual(7)
  })

  it('leave without the one SendGrid refuses', async () => {
    sendgrid.refuse('p42@example.com', 400, 'Does not contain a valid address.')
    const sent = Array.from({ length: 100 }, (_, n) => mail(n))
    const { receipts, mails } = await callsOf(sent)
    expect(receipts.map(({ outcome }) => outcome)).toEqual(sent.map((_, n) => (n === 42 ? 'refused' : 'accepted')))
    expect(receipts[42]).toMatchObject({ code: 'invalid_address', permanent: true })
    expectOwnWords(sent.toSpliced(42, 1), mails)
  })

  it('are in doubt together, and each once', async () => {
    sendgrid.plan.next('500-after')
    const { receipts, calls } = await callsOf(Array.from({ length: 5 }, (_, n) => mail(n)))
    expect(calls).toHaveLength(1)
    expect(receipts.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 5 }, () => 'unknown'))
  })

  it('make the same calls again when a call is put in again', () => {
    const sent = Array.from({ length: 130 }, (_, n) => mail(n, n % 7 === 0 ? { html: '<b>' } : {}))
    const calls = channel.calls!(sent)
    expect(calls.flat()).toHaveLength(130)
    for (const call of calls) expect(channel.calls!(call)).toEqual([call])
  })
})

/** Words that try to be tags, to be cut in half, and to be each other's. */
const piece = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '[rl0-',
    '[rl0-0]',
    '0]',
    '[',
    ']',
    '[rl1-3]',
    '👩‍🌾',
    '👩',
    '<',
    '>',
    '\n',
    '<a href="',
    '-name-',
    '$&',
    '{{x}}',
    '',
  ),
)
const words = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
const template = fc.array(fc.oneof(words, fc.constant(null)), { minLength: 1, maxLength: 8 })

/** Mails of one template: its words, and between them each person's own. */
const mailsOfTemplate = fc
  .record({ subject: template, html: template, text: template, people: fc.integer({ min: 2, max: 6 }) })
  .chain(({ subject, html, text, people }) => {
    const holes = [subject, html, text].flat().filter((part) => part === null).length
    return fc
      .array(fc.array(piece, { minLength: holes, maxLength: holes }), { minLength: people, maxLength: people })
      .map((rows) =>
        rows.map((row): Parts => {
          const own = row.values()
          const made = (parts: (string | null)[]) => parts.map((part) => part ?? own.next().value ?? '').join('')
          return { subject: made(subject), html: made(html), text: made(text) }
        }),
      )
  })

describe('what mails have in common', () => {
  it('gives every mail back byte for byte, whatever the order tags are put in', () => {
    fc.assert(
      fc.property(mailsOfTemplate, (mails) => {
        const { common, substitutions } = factor(mails.filter((one) => sameShape(one, mails[0]!)))
        for (const [index, one] of mails.filter((other) => sameShape(other, mails[0]!)).entries())
          for (const name of ['subject', 'html', 'text'] as const) {
            expect(filled(common[name], substitutions[index]!)).toBe(one[name])
            const forwards = Object.fromEntries(Object.entries(substitutions[index]!).reverse())
            expect(filled(common[name], forwards)).toBe(one[name])
          }
      }),
      { numRuns: 1_500, seed: 1 },
    )
  })

  it('holds nothing that only some of them say', () => {
    const { common } = factor([1, 2, 3].map((n) => ({ subject: `A${n}`, html: `<p>s${n}x<br>`, text: `t${n}y` })))
    for (const n of [1, 2, 3])
      for (const own of [`A${n}`, `s${n}x`, `t${n}y`]) expect(JSON.stringify(common)).not.toContain(own)
  })

  it('cuts no sign in half', () => {
    // U+1F469 and U+1F468 begin alike, U+1F469 and U+1F869 end alike.
    const { common, substitutions } = factor(
      ['👩', '👨', '\u{1f869}'].map((sign) => ({ subject: sign, html: `<p>${sign}</p>`, text: `${sign}!` })),
    )
    expect(JSON.stringify([common, substitutions])).not.toMatch(/\\u?d[89a-f]/i)
    expect(
      [common, ...substitutions].every((one) => Object.values(one).every((text) => wellFormed(text) === text)),
    ).toBe(true)
  })

  it('reaches everybody unchanged through the stand-in, whatever the words', async () => {
    const sendable = mailsOfTemplate.map((mails) =>
      mails.map((parts) => ({
        subject: `s${wellFormed(parts.subject).replace(/[\r\n\u0000]/g, ' ')}s`,
        html: `<p>${wellFormed(parts.html)}`,
        text: `t${wellFormed(parts.text)}`,
      })),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(sendable, async (mails) => {
        run++
        const sent = mails.map((parts, n) => mail(1_000 + run * 10 + n, parts))
        const { mails: got } = await callsOf(sent)
        expectOwnWords(sent, got)
      }),
      { numRuns: 100, seed: 2 },
    )
  })
})

/** As UTF-8 carries it. */
const wellFormed = (text: string): string => Buffer.from(text).toString()

const sameShape = (a: Parts, b: Parts): boolean =>
  a.html.split('<').length === b.html.split('<').length &&
  a.html.startsWith('<') === b.html.startsWith('<') &&
  a.text.split('\n').length === b.text.split('\n').length &&
  a.text.endsWith('\n') === b.text.endsWith('\n')

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { smtpPolicy } from '../../channels/email/errors.ts'
import { classify } from '../../src/mail-in/classify.ts'
import { readInboundPost } from '../../src/mail-in/inbound-parse.ts'
import { mailEvent } from '../../src/mail-in/mail-event.ts'
import { readMail } from '../../src/mail-in/read-mail.ts'
import { readStoredEvent, storable } from '../../src/tracking/stored-event.ts'
import { rawMail } from './mails.ts'

type Part = { name: string; value: Uint8Array | string; file?: string; type?: string }

function body(parts: readonly Part[]): Buffer {
  return Buffer.concat([
    ...parts.flatMap(({ name, value, file, type }) => [
      Buffer.from(
        `--BoUnD\r\nContent-Disposition: form-data; name="${name}"${file ? `; filename="${file}"` : ''}\r\n` +
          `${type ? `Content-Type: ${type}\r\n` : ''}\r\n`,
      ),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--BoUnD--\r\n'),
  ])
}

async function* chunks(bytes: Uint8Array, size = 1000) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

const read = (bytes: Uint8Array, contentType = 'multipart/form-data; boundary=BoUnD') =>
  readInboundPost({ contentType, body: chunks(bytes) })
const rules = { policyOf: smtpPolicy, isForLeaving: false, receivedAt: new Date('2026-09-15T08:00:00Z') }

describe('what Inbound Parse posts', () => {
  test('in its own parts: each field in its character set, files counted and let go', async () => {
    const mail = await read(
      body([
        { name: 'headers', value: 'Message-ID: <a@b.example>\nIn-Reply-To: <c@d.example>\nAuto-Submitted: no\n' },
        { name: 'from', value: 'Éloïse Œuvrard <Eloise@Port.example>' },
        { name: 'to', value: 'Réseau <reply+x@reponses.example.com>' },
        { name: 'subject', value: Buffer.from('Re: été', 'latin1') },
        { name: 'text', value: Buffer.from('Très bien', 'latin1') },
        { name: 'charsets', value: '{"subject":"iso-8859-1","text":"iso-8859-1","from":"UTF-8"}' },
        { name: 'envelope', value: '{"to":["Reply+X@reponses.example.com"],"from":"eloise@port.example"}' },
        { name: 'attachments', value: '1' },
        { name: 'attachment1', value: Buffer.alloc(5_000, 7), file: 'bon n°1.pdf', type: 'application/pdf' },
      ]),
    )
    expect(mail).toMatchObject({
      from: { mailbox: 'eloise@port.example', name: 'Éloïse Œuvrard' },
      recipients: ['reply+x@reponses.example.com'],
      envelopeFrom: 'eloise@port.example',
      subject: 'Re: été',
      text: 'Très bien',
      mailId: 'a@b.example',
      answers: ['c@d.example'],
      attachments: [{ name: 'bon n°1.pdf', type: 'application/pdf', size: 5_000 }],
    })
  })

  test('in HTML only is read as words', async () => {
    const mail = await read(
      body([
        { name: 'from', value: 'a@b.example' },
        { name: 'html', value: '<p>Oui</p><p>merci</p>' },
      ]),
    )
    expect(mail?.text).toBe('Oui\nmerci')
  })

  test('a report in parts is still a report', async () => {
    const mail = await read(
      body([
        { name: 'from', value: 'MAILER-DAEMON@relay.example' },
        { name: 'headers', value: 'Auto-Submitted: auto-replied' },
        { name: 'text', value: 'I am sorry.' },
        {
          name: 'attachment1',
          file: 'details.txt',
          type: 'message/delivery-status',
          value: 'Reporting-MTA: dns; relay.example\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n',
        },
      ]),
    )
    expect(classify(mail!, rules)).toMatchObject({ type: 'bounced', report: { code: 'unknown_mailbox' } })
  })

  test('as the whole message is read from it, byte for byte', async () => {
    const raw = rawMail('outlook-reply')
    expect(await read(body([{ name: 'email', value: raw }]))).toEqual(await readMail(raw))
  })

  test('is nothing where it is no form, or one without a mail', async () => {
    expect(await read(Buffer.from('{}'), 'application/json')).toBe(undefined)
    expect(await read(Buffer.from('x'), '')).toBe(undefined)
    expect(await read(body([{ name: 'other', value: 'x' }]))).toBe(undefined)
  })
})

/** Whatever comes, up to the row it would be stored as. */
async function through(raw: Uint8Array) {
  const mail = await readMail(raw)
  const event = mailEvent(mail, classify(mail, rules), undefined)
  return readStoredEvent(JSON.parse(JSON.stringify(storable(event))))
}

describe('garbage', () => {
  const names = [
    'gmail-reply',
    'outlook-reply',
    'postfix-unknown-user',
    'arf-complaint',
    'exchange-full',
    'read-receipt',
  ]
  const someRaw = fc.constantFrom(...names).map((name) => rawMail(name))

  test('of any bytes is an event all the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        expect((await through(bytes)).dedupeKey).toMatch(/^[0-9a-f]{64}$/)
      }),
      { numRuns: 200 },
    )
  })

  test('of a mail cut, doubled, and altered at any place is an event all the same', async () => {
    const change = fc.record({
      at: fc.nat({ max: 3_000 }),
      cut: fc.nat({ max: 300 }),
      put: fc.uint8Array({ maxLength: 40 }),
    })
    await fc.assert(
      fc.asyncProperty(someRaw, fc.array(change, { maxLength: 6 }), async (raw, changes) => {
        let bytes = raw
        for (const { at, cut, put } of changes)
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)])
        expect((await through(bytes)).type).toMatch(/^[a-z_]+$/)
      }),
      { numRuns: 300 },
    )
  })

  test('of headers in every wrong form is an event all the same', async () => {
    const name = fc.constantFrom(
      'From',
      'To',
      'Subject',
      'Content-Type',
      'References',
      'Message-ID',
      'Date',
      'Cc',
      ' ',
      '',
    )
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'multipart/report; boundary=',
        'multipart/mixed; boundary="--"',
        '=?utf-8?Q?=FF?=',
        '<<>>',
        'message/rfc822',
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value)), fc.string(), async (fields, text) => {
        await through(Buffer.from(`${fields.map(([key, said]) => `${key}: ${said}`).join('\r\n')}\r\n\r\n${text}`))
      }),
      { numRuns: 60 },
    )
  })

  test('in place of a form, or cut in its middle, is never thrown out of', async () => {
    const whole = body([
      { name: 'envelope', value: '{"to":["a@b.example"],"from":"c@d.example"}' },
      { name: 'email', value: rawMail('gmail-reply') },
    ])
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length }), fc.uint8Array({ maxLength: 200 }), async (at, put) => {
        await read(Buffer.concat([whole.subarray(0, at), put]))
        await read(put)
      }),
      { numRuns: 200 },
    )
  })

  test('of a thousand nested parts ends', async () => {
    const nested = Array.from(
      { length: 1_000 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
    )
    await through(Buffer.from(nested.join('')))
    await through(Buffer.from(`References: ${'<a@b> '.repeat(200_000)}\r\n\r\nx`))
  })
})

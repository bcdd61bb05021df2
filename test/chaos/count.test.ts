import { expect, test } from 'vitest'
import { count } from '../../src/chaos/count.ts'
import type { Stand } from '../../src/chaos/stand.ts'

interface Row {
  id: string
  status: string
  reason: string | null
}
const row = (id: string, status: string): Row => ({ id, status, reason: null })

/** What the count reads of a stand: rows of the database, texts and mails its providers took. */
const after = (rows: Row[], texts: string[], mails: string[] = []) =>
  ({
    stored: async () => rows,
    twilio: { messages: texts.map((id) => ({ form: { StatusCallback: `https://relais.example.com/x?d=${id}&a=1` } })) },
    sendgrid: { mails: mails.map((id) => ({ customArgs: { delivery_id: id } })) },
  }) as unknown as Stand

test('one accept for each delivery, by SMS or e-mail, is neither lost nor extra', async () => {
  expect(await count(after([row('a', 'accepted'), row('b', 'delivered')], ['a'], ['b']), 2)).toEqual({
    lost: 0,
    extra: 0,
    states: { accepted: 1, delivered: 1 },
  })
})

test('a second accept is extra, and so is one of no delivery', async () => {
  expect(await count(after([row('a', 'accepted')], ['a', 'a', 'z']), 1)).toMatchObject({ lost: 0, extra: 2 })
})

test.each([
  ['said to be accepted though no provider has it', 'accepted', []],
  ['still queued', 'queued', []],
  ['in doubt for ever, though it left', 'unknown', ['a']],
])('a delivery %s is lost', async (_, status, texts) => {
  expect(await count(after([row('a', status)], texts), 1)).toMatchObject({ lost: 1, extra: 0 })
})

test('a delivery a person is asked about is not lost', async () => {
  expect(await count(after([row('a', 'needs_review')], []), 1)).toMatchObject({ lost: 0, extra: 0 })
})

test('fewer deliveries than promised are lost, more are extra', async () => {
  expect(await count(after([row('a', 'accepted')], ['a']), 3)).toMatchObject({ lost: 2, extra: 0 })
  expect(await count(after([row('a', 'accepted'), row('b', 'accepted')], ['a', 'b']), 1)).toMatchObject({
    lost: 0,
    extra: 1,
  })
})

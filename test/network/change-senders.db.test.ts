import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { auditEntries } from '../../src/db/schema.ts'
import { addSender, changeSender, makeDefault, removeSender } from '../../src/network/change-senders.ts'
import { sendersOf, syncLiveSenders } from '../../src/network/senders.ts'
import { type Live, live, mailStep, smsStep } from '../deliver/live.ts'

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(() => l.close())

const act = () => ({ networkId: l.network.id, actor: 'test', at: l.clock.now() })
const db = () => l.context.db
const all = () => sendersOf(db(), l.network.id)
const named = async (name: string) => (await all()).find((sender) => sender.name === name)!
const oneWay = { channel: 'sms' as const, name: 'Nom', address: 'VAUQUELIN', isTwoWay: false, countries: [] }

describe('a sender that is added', () => {
  test('leaves by the account of its channel once it is the default', async () => {
    const added = await db().transaction((tx) => addSender(tx, act(), { ...oneWay, address: '38500', isTwoWay: true }))
    expect(added).toHaveProperty('id')
    await l.owe(smsStep)
    await l.deliver()
    expect(l.twilio.messages.every(({ form }) => form.From === '36180')).toBe(true)
    const { id } = await named('Nom')
    expect(await db().transaction((tx) => makeDefault(tx, act(), id))).toBe(true)
    expect((await all()).filter(({ channel, isDefault }) => channel === 'sms' && isDefault)).toHaveLength(1)
    l.clock.forward(8 * 86_400_000)
    await l.owe(smsStep)
    const before = l.twilio.messages.length
    await l.deliver()
    const later = l.twilio.messages.slice(before)
    expect(later.length).toBeGreaterThan(0)
    expect(later.every(({ form }) => form.From === '38500')).toBe(true)
  })

  test('is refused with what is wrong, and nothing is written', async () => {
    const refused = await db().transaction((tx) => addSender(tx, act(), { ...oneWay, isTwoWay: true }))
    expect(refused).toEqual({ refused: { isTwoWay: 'oneWay' } })
    expect(await named('Nom')).toBeUndefined()
    expect(await db().$count(auditEntries)).toBe(0)
  })
})

describe('a sender that is changed', () => {
  test('writes under its new name and address, and a restart does not undo it', async () => {
    const mail = (await all()).find(({ channel }) => channel === 'email')!
    const wanted = { name: 'Maison Vauquelin', address: 'bonjour@vauquelin.example.com', isTwoWay: true, countries: [] }
    await db().transaction((tx) => changeSender(tx, act(), mail.id, wanted))
    await syncLiveSenders(db(), l.context.liveSenders, l.clock.now())
    expect((await all()).filter(({ channel }) => channel === 'email')).toEqual([
      expect.objectContaining({ id: mail.id, name: 'Maison Vauquelin', address: wanted.address }),
    ])
    await l.owe(mailStep)
    await l.deliver()
    expect(l.sendgrid.mails[0]!.body.from).toEqual({ email: wanted.address, name: wanted.name })
    const [entry] = await db().select().from(auditEntries).where(eq(auditEntries.action, 'sender.change'))
    expect(entry!.data).toMatchObject({
      before: expect.stringContaining('E-mail'),
      after: expect.stringContaining('Vauquelin'),
    })
  })

  test('under a new name alone still follows the environment', async () => {
    const sms = (await all()).find(({ channel }) => channel === 'sms')!
    const same = { address: sms.address!, isTwoWay: sms.isTwoWay, countries: [] }
    await db().transaction((tx) => changeSender(tx, act(), sms.id, { name: 'Numéro court', ...same }))
    const [plan] = l.context.liveSenders.filter(({ channel }) => channel === 'sms')
    await syncLiveSenders(db(), [{ ...plan!, address: '38111' }], l.clock.now())
    expect((await all()).filter(({ channel }) => channel === 'sms')).toEqual([
      expect.objectContaining({ id: sms.id, name: 'Numéro court', address: '38111' }),
    ])
  })

  test('serves only the countries it is for', async () => {
    const sms = (await all()).find(({ channel }) => channel === 'sms')!
    const belgian = { name: sms.name, address: sms.address!, isTwoWay: true, countries: ['BE'] }
    await db().transaction((tx) => changeSender(tx, act(), sms.id, belgian))
    await l.owe(smsStep)
    expect(await l.of('P1')).toEqual([])
  })

  test('of a letter changes its name and nothing else', async () => {
    const letter = (await all()).find(({ channel }) => channel === 'print')!
    const wanted = { name: 'Papier à en-tête', address: 'ignored', isTwoWay: true, countries: [] }
    await db().transaction((tx) => changeSender(tx, act(), letter.id, wanted))
    const changed = (await all()).find(({ id }) => id === letter.id)
    expect(changed).toEqual({ ...letter, name: 'Papier à en-tête' })
  })
})

describe('a sender that is removed', () => {
  test('is gone; the default one and the last stay', async () => {
    const sms = (await all()).find(({ channel }) => channel === 'sms')!
    const remove = (id: string) => db().transaction((tx) => removeSender(tx, act(), id))
    expect(await remove(sms.id)).toBe('kept')
    await db().transaction((tx) => addSender(tx, act(), oneWay))
    expect(await remove(sms.id)).toBe('kept')
    expect(await remove((await named('Nom')).id)).toBe('removed')
    expect(await remove('nothing')).toBeUndefined()
  })
})

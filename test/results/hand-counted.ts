import { type Db, newId } from '../../src/db/index.ts'
import {
  addresses,
  campaigns,
  contacts,
  decisions,
  deliveries,
  deliveryMembers,
  events,
  exposures,
  messages,
  networks,
  segmentMembers,
  segments,
  sites,
} from '../../src/db/schema.ts'
import {
  type ChannelName,
  type DeliveryStatus,
  type EventType,
  profiles,
  type TrackingMode,
  type Verdict,
} from '../../src/words.ts'

const at = new Date('2027-01-11T08:00:00Z')

/** Of each site: its area, tier, and how many of its twenty measured people opened. */
const places = [
  { code: 'A1', area: 'Nord', tier: 'Gold', opened: 15 },
  { code: 'A2', area: 'Nord', tier: 'Silver', opened: 12 },
  { code: 'B1', area: 'Sud', tier: 'Gold', opened: 10 },
  { code: 'B2', area: 'Sud', tier: null, opened: 7 },
] as const

export interface HandCounted {
  networkId: string
  campaignId: string
  siteIds: Record<string, string>
  /** By site code, in the order they were made. */
  people: Record<string, string[]>
}

/**
 * A campaign that can be counted by hand. Four sites of 100 people. `teaser` asks for an answer by e-mail: 400 arrive,
 * 20 at each site are measured one by one, of whom 15 + 12 + 10 + 7 open (44) and two more of A1 by a machine; 30
 * people of A1 answer; 150 opens are counted together; each costs 100. `relance` goes by SMS to A1 (90 arrive, 6 fail,
 * 4 are suppressed, 7000 each, 9 press the link), to a mailbox three people of B2 share (opened), has an
 * intranet copy for ten of A1, and nothing for the rest of A2 and B1 (refused) and of B2 (no address).
 */
export async function seedHandCounted(db: Db, name = 'compte', number = 1): Promise<HandCounted> {
  const networkId = newId()
  const campaignId = newId()
  const row = { networkId, createdAt: at, updatedAt: at }
  await db
    .insert(networks)
    .values({ id: networkId, number, name, title: name, mode: 'sandbox', settings: {}, createdAt: at })
  await db.insert(campaigns).values({
    ...{ networkId, id: campaignId, name: `campagne-${name}`, title: { fr: 'Grand Nord', en: 'Far North' } },
    ...{ class: 'relational', status: 'running', createdAt: at, launchedAt: at },
  })
  const message = (step: string, position: number, definition: object) => ({
    ...{
      networkId,
      id: newId(),
      campaignId,
      campaignVersion: 1,
      step,
      position,
      occurrence: '1',
      class: 'relational' as const,
    },
    ...{
      urgency: 'normal' as const,
      intent: 'follow-up' as const,
      template: 'x',
      definition,
      dueAt: at,
      createdAt: at,
    },
  })
  const teaser = message('teaser', 1, { asksReply: true })
  const relance = message('relance', 2, {})
  await db.insert(messages).values([teaser, relance])

  const siteIds: Record<string, string> = {}
  const people: Record<string, string[]> = {}
  const made = {
    deliveries: [] as (typeof deliveries.$inferInsert)[],
    members: [] as (typeof deliveryMembers.$inferInsert)[],
    decisions: [] as (typeof decisions.$inferInsert)[],
    events: [] as (typeof events.$inferInsert)[],
    exposures: [] as (typeof exposures.$inferInsert)[],
  }
  const deliver = (
    messageId: string,
    recipientKey: string,
    contactIds: string[],
    channel: ChannelName,
    given: {
      status?: DeliveryStatus
      reason?: string
      costMillis?: number
      trackingMode?: TrackingMode
      isCompanion?: boolean
      isChance?: boolean
      addressId?: string
    } = {},
  ) => {
    const { isChance = false, status = 'delivered', ...rest } = given
    const id = newId()
    made.deliveries.push({
      ...{ ...row, id, messageId, recipientKey, channel, occurrence: '1', status, class: 'relational', priority: 2 },
      ...{ dueAt: at, currency: 'EUR', sentAt: at, ...rest },
    })
    for (const contactId of contactIds) {
      made.members.push({ networkId, deliveryId: id, contactId })
      made.exposures.push({
        ...{ networkId, id: newId(), deliveryId: id, contactId, channel, profile: 'field', sentAt: at, matureAt: at },
        ...{ isMeasurable: isChance, outcome: 'pending', classifierVersion: '1' },
      })
    }
    return id
  }
  const hear = (type: EventType, messageId: string, deliveryId: string, verdict: Verdict, times = 1) => {
    for (let n = 0; n < times; n += 1)
      made.events.push({
        ...{ networkId, id: newId(), type, messageId, deliveryId, verdict, channel: 'email', data: {} },
        ...{ dedupeKey: newId(), occurredAt: at, recordedAt: at },
      })
  }
  const decide = (messageId: string, contactId: string, channel: ChannelName | null, why: string) =>
    made.decisions.push({
      ...{ networkId, messageId, contactId, occurrence: '1', outcome: channel ? 'send' : 'none', channel, at },
      ...{ because: channel ? [{ code: why }] : [{ code: 'unreachable' }, { code: why }] },
      ...{ trace: [], fallbacks: [], policyVersion: 1, seed: '', createdAt: at },
    })

  const mobile = newId()
  await db.insert(addresses).values({
    ...{ ...row, id: mobile, kind: 'mobile', normalised: '+33639980000', hash: `${name} mobile` },
  })
  for (const { code, area, tier, opened } of places) {
    const siteId = newId()
    siteIds[code] = siteId
    await db.insert(sites).values({
      ...{
        ...row,
        id: siteId,
        externalId: code,
        name: `Site ${code}`,
        nameKey: `site ${code.toLowerCase()}`,
        area,
        tier,
      },
      ...{ country: 'FR', region: 'FR', timezone: 'Europe/Paris', attributes: {} },
    })
    const ids = Array.from({ length: 100 }, () => newId())
    people[code] = ids
    await db.insertRows(
      contacts,
      ids.map((id, n) => ({
        ...{ ...row, id, siteId, identityKey: `${code} ${n}`, externalId: `${code}-${n}`, firstName: 'Prénom' },
        ...{ lastName: n === 0 ? '=cmd()' : `Nom ${n}`, profile: profiles[n % 5]!, language: 'fr', attributes: {} },
      })),
    )
    for (const [n, contactId] of ids.entries()) {
      const mail = deliver(teaser.id, `contact:${contactId}`, [contactId], 'email', {
        ...{ costMillis: 100, isChance: true, trackingMode: n < 20 ? 'individual' : 'aggregate' },
      })
      decide(teaser.id, contactId, 'email', 'chosen')
      // Twice, since people read twice.
      if (n < opened) hear('open', teaser.id, mail, 'human_likely', 2)
      if (code === 'A1' && n >= 18 && n < 20) hear('open', teaser.id, mail, 'machine')
      if (code === 'A1' && n < 30) hear('reply', teaser.id, mail, 'human_confirmed')
      if (code !== 'A1') {
        decide(relance.id, contactId, null, code === 'B2' ? 'no_address' : 'consent_denied')
        continue
      }
      const status = n < 90 ? 'delivered' : n < 96 ? 'failed' : 'suppressed'
      const text = deliver(relance.id, `contact:${contactId}`, [contactId], 'sms', {
        ...{
          addressId: n === 0 ? mobile : undefined,
          status,
          costMillis: 7_000,
          reason: n < 90 ? undefined : n < 96 ? '30005' : 'stop',
        },
      })
      decide(relance.id, contactId, 'sms', 'chosen')
      if (n < 9) hear('click', relance.id, text, 'human_likely')
      if (n === 9) hear('click', relance.id, text, 'machine')
      if (n < 10) deliver(relance.id, `contact:${contactId}`, [contactId], 'intranet', { isCompanion: true })
    }
  }
  const shared = deliver(relance.id, `site:${siteIds.B2}`, people.B2!.slice(0, 3), 'email', {
    trackingMode: 'individual',
  })
  hear('open', relance.id, shared, 'human_likely')
  made.events.push({
    ...{ networkId, id: newId(), type: 'open', messageId: teaser.id, channel: 'email', data: { count: 150 } },
    ...{ dedupeKey: `count:open:${teaser.id}::2027-01-11`, verdict: 'unknown', occurredAt: at, recordedAt: at },
  })
  const segmentId = newId()
  await db.insert(segments).values({
    ...{
      networkId,
      id: segmentId,
      name: 'terrain-nord',
      title: { fr: 'Terrain Nord', en: 'Field North' },
      rule: {},
      updatedAt: at,
    },
  })
  await db.insertRows(
    segmentMembers,
    people.A1!.slice(0, 25).map((contactId) => ({ networkId, segmentId, contactId, since: at })),
  )
  await db.insertRows(deliveries, made.deliveries)
  await db.insertRows(deliveryMembers, made.members)
  await db.insertRows(decisions, made.decisions)
  await db.insertRows(events, made.events)
  await db.insertRows(exposures, made.exposures)
  return { networkId, campaignId, siteIds, people }
}

import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Content } from '../../src/channel.ts'
import { type Db, newId } from '../../src/db/index.ts'
import {
  addresses,
  attempts,
  campaigns,
  campaignVersions,
  consents,
  contactAddresses,
  contacts,
  decisions,
  deliveries,
  deliveryMembers,
  engagements,
  events,
  exposures,
  messages,
  networks,
  renderedContents,
  sites,
  stations,
  stepRuns,
  timers,
} from '../../src/db/schema.ts'
import { fold } from '../../src/network/folding.ts'
import { nameKeysOf } from '../../src/network/search-keys.ts'
import { draw } from '../../src/random.ts'
import type { PlanView } from '../../src/web/console/campaigns/plan-view.ts'
import type { ChannelName, DeliveryStatus, EventType, Profile } from '../../src/words.ts'

/** Wall time of the tests; the sandbox's clock stands 66 days later. */
export const wallNow = new Date('2026-11-16T08:12:00Z')
export const businessOffset = 66 * 86_400_000

export interface SmallNetwork {
  networkId: string
  campaignId: string
  /** Message ids by step. */
  steps: Record<string, string>
  /** One delivery of each channel whose content is kept. */
  shown: Record<ChannelName, string>
  contactId: string
  plan: PlanView
}

const people: [string, string, Profile, string][] = [
  ['Nadia', 'Belkacem', 'counter', 'Agent de comptoir'],
  ['Lucas', 'Moreau', 'field', 'Technicien chauffage'],
  ['Claire', 'Fontaine', 'owner', 'Dirigeante'],
  ['Thomas', 'Le Goff', 'sales', 'Commercial itinérant'],
  ['Inès', 'Garnier', 'office', 'Assistante administrative'],
  ['Bruno', 'Castelli', 'field', 'Chef de chantier'],
]
const towns = ['Amiens', 'Rennes', 'Colmar', 'Pau', 'Le Tampon', 'Annecy', 'Béziers', 'Nevers']
const profileHabit: Record<Profile, ChannelName> = {
  counter: 'screen',
  field: 'sms',
  owner: 'print',
  sales: 'email',
  office: 'email',
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const at = (iso: string) => new Date(iso)

const stepTimes = {
  teaser: at('2026-12-14T08:00:00Z'),
  lancement: at('2027-01-11T07:30:00Z'),
  relance: at('2027-01-25T08:00:00Z'),
  palmares: at('2027-03-29T07:00:00Z'),
}
type StepName = keyof typeof stepTimes
const played: StepName[] = ['teaser', 'lancement']

function contentOf(channel: ChannelName, person: { first: string; last: string; site: string; town: string }): Content {
  const link = 'https://relais.example/q/h7Kd93Qm'
  switch (channel) {
    case 'sms':
      return {
        channel,
        text: `${person.first}, le challenge Grand Nord est lancé : 12 séjours en Laponie à gagner jusqu'au 26 mars. Votre carnet : ${link} STOP au 36111`,
        parts: 1,
      }
    case 'email':
      return {
        channel,
        subject: 'Grand Nord : c’est parti !',
        preheader: 'Douze semaines, douze séjours en Laponie.',
        html: `<!doctype html><html><head><meta charset="utf-8"><title>Grand Nord</title></head><body style="margin:0;background:#eef2f4;font-family:Arial,sans-serif"><div style="max-width:600px;margin:0 auto;background:#fff"><div style="background:#0f5c63;color:#fff;padding:36px 32px;font-size:26px;font-weight:bold">Grand Nord</div><div style="padding:32px;font-size:16px;line-height:1.6;color:#1c2327"><p>Bonjour ${person.first},</p><p>Le challenge démarre aujourd’hui. Chaque pompe à chaleur posée par ${person.site} vous rapproche de la Laponie : <strong>douze séjours</strong> à gagner d’ici le 26 mars.</p><p style="margin:32px 0"><a href="${link}" style="background:#0f5c63;color:#fff;padding:14px 28px;border-radius:6px;text-decoration:none">Ouvrir mon carnet</a></p><p style="font-size:13px;color:#565d60">Vous recevez ce message comme contact du réseau. <a href="${link}">Se désinscrire</a></p></div></div><img src="/o/abc.gif" width="1" height="1" alt=""></body></html>`,
        text: `Bonjour ${person.first},\n\nLe challenge démarre aujourd’hui.\n\nMon carnet : ${link}\n`,
        headers: {},
      }
    case 'print':
      return {
        channel,
        title: 'Grand Nord',
        addressLines: [
          person.site.toUpperCase(),
          `${person.first.toUpperCase()} ${person.last.toUpperCase()}`,
          '14 RUE DES FORGES',
          `80000 ${person.town.toUpperCase()}`,
        ],
        postcode: '80000',
        country: 'FR',
        senderLines: ['Maison Vauquelin', '3 quai de la Marne', '51000 Châlons-en-Champagne'],
        dateLine: 'Châlons, le 11 janvier 2027',
        blocks: [
          { type: 'heading', text: 'Douze séjours en Laponie, et votre équipe au départ' },
          { type: 'paragraph', runs: [{ text: `Chère ${person.first} ${person.last},` }] },
          {
            type: 'paragraph',
            runs: [
              { text: 'Le challenge ' },
              { text: 'Grand Nord', bold: true },
              { text: ' commence ce lundi. Voici ce que votre équipe trouvera dans le kit joint :' },
            ],
          },
          {
            type: 'list',
            items: [
              [{ text: 'un carnet de suivi par technicien' }],
              [{ text: 'l’affiche du barème, pour le comptoir' }],
              [{ text: 'les dates des trois palmarès intermédiaires' }],
            ],
          },
          {
            type: 'paragraph',
            runs: [
              { text: 'Inscrivez votre point de vente avant le ' },
              { text: '22 janvier', bold: true },
              { text: ' : le code ci-dessous ouvre directement votre page.' },
            ],
          },
          { type: 'paragraph', runs: [{ text: 'À très bientôt,' }] },
        ],
        qr: { url: link, label: 'relais.example/q/h7Kd93Qm' },
      }
    case 'intranet':
      return {
        channel,
        title: 'Grand Nord : le règlement et le barème',
        html: '<p>Le challenge court du <strong>11 janvier au 26 mars 2027</strong>. Chaque vente enregistrée rapporte des points au point de vente et à son auteur.</p><h2>Le barème</h2><table><tr><th>Produit</th><th>Points</th></tr><tr><td>Pompe à chaleur</td><td>120</td></tr><tr><td>Chauffe-eau</td><td>45</td></tr></table><p><a href="https://relais.example/reglement">Le règlement complet</a></p>',
        accessLevel: 'member',
      }
    case 'screen':
      return {
        channel,
        title: 'Grand Nord commence aujourd’hui',
        text: 'Pensez à enregistrer chaque vente du jour avant 18 h.\nLe carnet est sous le comptoir.',
        asksAcknowledgement: true,
      }
  }
}

/** A believable network straight through the schema: 8 sites, 48 contacts, a challenge at its third step. */
export async function seedSmallNetwork(
  db: Db,
  named: { name?: string; number?: number; title?: string; mode?: 'sandbox' | 'live' } = {},
): Promise<SmallNetwork> {
  const networkId = newId()
  const createdAt = at('2026-11-10T09:00:00Z')
  const mode = named.mode ?? 'sandbox'
  await db.insert(networks).values({
    id: networkId,
    number: named.number ?? 1,
    name: named.name ?? 'demo',
    title: named.title ?? 'Maison Vauquelin',
    mode,
    isDemo: mode === 'sandbox',
    clockOffsetMs: mode === 'sandbox' ? businessOffset : 0,
    settings: {},
    createdAt,
  })
  const campaignId = newId()
  await db.insert(campaigns).values({
    networkId,
    id: campaignId,
    name: 'grand-nord',
    title: { fr: 'Challenge Grand Nord', en: 'The Great North challenge' },
    class: 'marketing',
    status: 'running',
    createdAt,
    launchedAt: at('2026-12-01T08:00:00Z'),
  })
  await db.insert(campaignVersions).values({
    networkId,
    campaignId,
    version: 1,
    definition: { name: 'grand-nord', class: 'marketing', audience: { segment: 'tous' }, steps: [] },
    source: '',
    hash: '0',
    createdBy: 'test',
    createdAt,
  })
  const steps: Record<string, string> = {}
  for (const [position, [step, dueAt]] of Object.entries(stepTimes).entries()) {
    const messageId = newId()
    steps[step] = messageId
    await db.insert(messages).values({
      networkId,
      id: messageId,
      campaignId,
      campaignVersion: 1,
      step,
      position,
      occurrence: '1',
      class: 'marketing',
      urgency: step === 'relance' ? 'high' : 'normal',
      intent: step === 'palmares' ? 'relationship' : 'follow-up',
      template: `challenge/${step}`,
      definition: {},
      dueAt,
      createdAt,
    })
    const isPlayed = played.some((name) => name === step)
    await db.insert(stepRuns).values({
      networkId,
      messageId,
      status: isPlayed ? 'done' : 'waiting',
      audience: isPlayed ? 48 : 0,
      reached: isPlayed ? 45 : 0,
    })
    if (!isPlayed)
      await db.insert(timers).values({
        networkId,
        id: newId(),
        kind: 'step',
        subject: messageId,
        occurrence: '1',
        dueAt,
        payload: {},
        createdAt,
      })
  }

  const rows = {
    sites: [] as (typeof sites.$inferInsert)[],
    stations: [] as (typeof stations.$inferInsert)[],
    contacts: [] as (typeof contacts.$inferInsert)[],
    addresses: [] as (typeof addresses.$inferInsert)[],
    contactAddresses: [] as (typeof contactAddresses.$inferInsert)[],
    consents: [] as (typeof consents.$inferInsert)[],
    decisions: [] as (typeof decisions.$inferInsert)[],
    deliveries: [] as (typeof deliveries.$inferInsert)[],
    members: [] as (typeof deliveryMembers.$inferInsert)[],
    attempts: [] as (typeof attempts.$inferInsert)[],
    contents: [] as (typeof renderedContents.$inferInsert)[],
    events: [] as (typeof events.$inferInsert)[],
    exposures: [] as (typeof exposures.$inferInsert)[],
    engagements: [] as (typeof engagements.$inferInsert)[],
  }
  const shown: Partial<Record<ChannelName, string>> = {}

  const deliver = (given: {
    step: StepName
    contactId: string
    channel: ChannelName
    recipientKey: string
    person: { first: string; last: string; site: string; town: string }
    addressId?: string
    isCompanion?: boolean
    seed: number
  }): void => {
    const { step, contactId, channel, person, seed } = given
    const id = newId()
    const messageId = steps[step]!
    const decidedAt = stepTimes[step]
    const sentAt = new Date(decidedAt.getTime() + 60_000 + Math.floor(seed * 600_000))
    const status: DeliveryStatus =
      seed > 0.97 ? 'failed' : channel === 'print' ? 'sent' : seed > 0.9 ? 'sent' : 'delivered'
    const content = contentOf(channel, person)
    const body = gzipSync(JSON.stringify(content))
    rows.deliveries.push({
      networkId,
      id,
      messageId,
      recipientKey: given.recipientKey,
      channel,
      occurrence: '1',
      status,
      class: 'marketing',
      priority: 2,
      addressId: given.addressId ?? null,
      dueAt: decidedAt,
      reason: status === 'failed' ? '30003' : null,
      isCompanion: given.isCompanion ?? false,
      provider: 'preview',
      attempt: 1,
      trackingMode: seed > 0.4 ? 'individual' : 'hygiene',
      contentHash: hashOf(JSON.stringify(content)),
      parts: channel === 'sms' ? 1 : null,
      costMillis: { sms: 6_500, email: 100, print: 110_000, intranet: 0, screen: 0 }[channel],
      currency: 'EUR',
      sentAt,
      deliveredAt: status === 'delivered' ? new Date(sentAt.getTime() + 9_000) : null,
      createdAt: decidedAt,
      updatedAt: sentAt,
    })
    rows.members.push({ networkId, deliveryId: id, contactId })
    rows.attempts.push({
      networkId,
      deliveryId: id,
      number: 1,
      worker: 'w1',
      startedAt: sentAt,
      endedAt: new Date(sentAt.getTime() + 400),
      outcome: 'accepted',
      provider: 'preview',
      providerRef: `p-${id}`,
    })
    rows.contents.push({ networkId, deliveryId: id, body, keepUntil: at('2028-02-01T00:00:00Z') })
    const heard = (type: EventType, afterMinutes: number, verdict: (typeof events.$inferInsert)['verdict'] = null) =>
      rows.events.push({
        networkId,
        id: newId(),
        type,
        deliveryId: id,
        messageId,
        contactId,
        channel,
        dedupeKey: `${id} ${type}`,
        verdict,
        data: {},
        occurredAt: new Date(sentAt.getTime() + afterMinutes * 60_000),
        recordedAt: sentAt,
      })
    if (status === 'delivered') heard('delivered', 0.15)
    const isActing = status === 'delivered' && !given.isCompanion && draw('acts', step, seed) > 0.55
    if (isActing && channel === 'email') heard('open', 34, 'human_likely')
    if (isActing)
      heard(channel === 'screen' ? 'acknowledge' : channel === 'print' ? 'scan' : 'click', 41, 'human_confirmed')
    if (!given.isCompanion)
      rows.exposures.push({
        networkId,
        id: newId(),
        deliveryId: id,
        contactId,
        channel,
        profile: 'field',
        sentAt,
        matureAt: new Date(sentAt.getTime() + 4 * 86_400_000),
        isMeasurable: seed > 0.15,
        outcome: isActing ? 'acted' : step === 'lancement' && seed > 0.8 ? 'pending' : 'missed',
        classifierVersion: '1',
      })
    if (status === 'delivered' || (channel === 'print' && step === 'lancement')) shown[channel] = id
  }

  for (const [s, town] of towns.entries()) {
    const siteId = newId()
    const stationId = newId()
    const siteName = `Agence ${town}`
    rows.sites.push({
      networkId,
      id: siteId,
      externalId: `AG${100 + s}`,
      name: siteName,
      nameKey: fold(siteName),
      cityKey: fold(town),
      area: 'Hauts-de-France',
      typology: s % 3 === 0 ? 'Concession' : 'Agence',
      tier: s % 2 === 0 ? 'A' : 'B',
      city: town,
      postcode: '80000',
      country: 'FR',
      region: 'FR',
      timezone: 'Europe/Paris',
      attributes: {},
      createdAt,
      updatedAt: createdAt,
    })
    rows.stations.push({
      networkId,
      id: stationId,
      siteId,
      name: 'Comptoir',
      tokenHash: `${networkId} ${s}`,
      createdAt,
    })
    for (const [p, [first, last, profile, job]] of people.entries()) {
      const contactId = newId()
      const seed = draw('small', s, p)
      const isUnreachable = s === 6 && p % 2 === 0
      rows.contacts.push({
        networkId,
        id: contactId,
        siteId,
        identityKey: `${s} ${p}`,
        firstName: first,
        lastName: last,
        ...nameKeysOf({ firstName: first, lastName: last }),
        function: job,
        profile,
        language: 'fr',
        preferredChannel: p === 3 ? 'sms' : null,
        attributes: {},
        createdAt,
        updatedAt: createdAt,
      })
      const email = `${first}.${last}@${town}.example`.toLowerCase().replace(/\s/g, '')
      const addressId = newId()
      rows.addresses.push({
        networkId,
        id: addressId,
        kind: profile === 'field' ? 'mobile' : 'email',
        normalised: profile === 'field' ? `+3363998${String(s * 10 + p).padStart(4, '0')}` : email,
        hash: hashOf(`${networkId} ${s} ${p}`),
        country: 'FR',
        createdAt,
        updatedAt: createdAt,
      })
      rows.contactAddresses.push({ networkId, contactId, addressId, kind: profile === 'field' ? 'mobile' : 'email' })
      rows.consents.push({
        networkId,
        id: newId(),
        contactId,
        channel: profile === 'field' ? 'sms' : 'email',
        purpose: 'receive',
        action: 'import',
        value: 'yes',
        basis: 'consent',
        source: 'reseau-43.csv',
        actor: 'import',
        occurredAt: createdAt,
        recordedAt: createdAt,
      })
      for (const step of played) {
        const habit = profileHabit[profile]
        // Who did not answer by e-mail in the first step is asked by SMS in the second, and the other way round.
        const isMoved = step === 'lancement' && (habit === 'email' || habit === 'sms') && seed < 0.45
        const channel: ChannelName = isMoved ? (habit === 'email' ? 'sms' : 'email') : habit
        rows.decisions.push({
          networkId,
          messageId: steps[step]!,
          contactId,
          occurrence: '1',
          outcome: isUnreachable ? 'none' : 'send',
          channel: isUnreachable ? null : channel,
          at: stepTimes[step],
          because: isUnreachable
            ? [
                { code: 'unreachable' },
                { code: 'consent_denied', params: { channel: 'email' } },
                { code: 'no_address', params: { channel: 'sms' } },
              ]
            : [
                { code: 'chosen', params: { channel } },
                isMoved
                  ? { code: 'learned', params: { channel, actions: 3, exposures: 4, percent: 47 } }
                  : { code: 'profile_habit', params: { profile, channel } },
              ],
          trace: [
            { rule: 'gate.address', channel: 'email', verdict: 'allowed' },
            {
              rule: 'gate.consent',
              channel: 'sms',
              verdict: isMoved ? 'allowed' : 'excluded',
              detail: { basis: 'unstated' },
            },
            { rule: 'score.utility', channel, verdict: 'chosen', detail: { utility: 0.42 } },
          ],
          fallbacks: [],
          policyVersion: 1,
          seed: `${s} ${p}`,
          createdAt: stepTimes[step],
        })
        if (isUnreachable) continue
        const person = { first, last, site: siteName, town }
        const recipientKey =
          channel === 'print'
            ? `site:${siteId}`
            : channel === 'screen'
              ? `station:${stationId}`
              : `contact:${contactId}`
        deliver({ step, contactId, channel, recipientKey, person, addressId, seed: draw('deliver', s, p, step) })
        if (p === 4)
          deliver({
            step,
            contactId,
            channel: 'intranet',
            recipientKey: `contact:${contactId}`,
            person,
            isCompanion: true,
            seed: 0.5,
          })
      }
      if (p < 2)
        rows.engagements.push({
          networkId,
          contactId,
          channel: profileHabit[profile],
          s: 1.4,
          n: 2.2,
          at: stepTimes.lancement,
          exposures: 2,
          actions: 1,
          misses: 1,
        })
    }
  }

  await db.insertRows(sites, rows.sites)
  await db.insertRows(stations, rows.stations)
  await db.insertRows(contacts, rows.contacts)
  await db.insertRows(addresses, rows.addresses)
  await db.insertRows(contactAddresses, rows.contactAddresses)
  await db.insertRows(consents, rows.consents)
  await db.insertRows(decisions, rows.decisions)
  await db.insertRows(deliveries, rows.deliveries)
  await db.insertRows(deliveryMembers, rows.members)
  await db.insertRows(attempts, rows.attempts)
  await db.insertRows(renderedContents, rows.contents)
  await db.insertRows(events, rows.events)
  await db.insertRows(exposures, rows.exposures)
  await db.insertRows(engagements, rows.engagements)

  const planned = (step: StepName, byChannel: Record<ChannelName, number>, expected: number) => ({
    step,
    at: stepTimes[step],
    audience: 48,
    byChannel,
    deferred: step === 'relance' ? 6 : 0,
    unreachable: 3,
    reasons: [
      { code: 'consent_denied', count: 2 },
      { code: 'no_address', count: 1 },
    ],
    cost: { currency: 'EUR', min: Math.round(expected * 0.8), expected, max: Math.round(expected * 1.3) },
  })
  return {
    networkId,
    campaignId,
    steps,
    shown: shown as Record<ChannelName, string>,
    contactId: rows.contacts[1]!.id!,
    plan: {
      steps: [
        planned('teaser', { sms: 15, email: 15, print: 8, intranet: 0, screen: 7 }, 978),
        planned('lancement', { sms: 13, email: 17, print: 8, intranet: 0, screen: 7 }, 966),
        planned('relance', { sms: 21, email: 9, print: 8, intranet: 0, screen: 7 }, 1_018),
        planned('palmares', { sms: 14, email: 16, print: 8, intranet: 0, screen: 7 }, 972),
      ],
    },
  }
}

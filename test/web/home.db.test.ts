import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pauseCampaign, resumeCampaign } from '../../src/campaign/control.ts'
import { newId } from '../../src/db/index.ts'
import {
  addresses,
  campaigns,
  contacts,
  deliveries,
  duplicates,
  imports,
  networks,
  notifications,
  sites,
  users,
} from '../../src/db/schema.ts'
import { createNetwork } from '../../src/network/networks.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, type Site } from './client.ts'
import { enrol } from './route-table/people.ts'
import { businessOffset, type SmallNetwork, seedSmallNetwork, wallNow } from './small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let site: Site
let owner: Browser

const businessNow = new Date(wallNow.getTime() + businessOffset)

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  const { db } = store
  await db.transaction((tx) =>
    createNetwork(
      tx,
      {
        ...{ name: 'nouveau', title: 'Réseau Nouveau', mode: 'sandbox', country: 'FR' },
        ...{ language: 'fr', timezone: 'Europe/Paris' },
      },
      wallNow,
    ),
  )
  site = openSite(db, demo.plan, { dataFolder: store.folder })
  owner = site.browser()
  await owner.signIn()
})
afterAll(() => store.drop())

const homeOf = async (browser: Browser, query = '?lang=fr'): Promise<string> => {
  const answer = await browser.get(`/console${query}`)
  expect(answer.status).toBe(200)
  // Numbers and punctuation stand behind narrow spaces.
  return (await answer.text()).replaceAll(/[\u00a0\u202f]/g, ' ')
}
const as = async (role: Parameters<typeof enrol>[2]['role'], called: string, scope = {}) =>
  (await enrol(store.db, site, { networkId: demo.networkId, role, called, scope })).browser

describe('what leaves next', () => {
  test('names the steps to come with their time, and the people of the step before', async () => {
    const page = await homeOf(owner)
    expect(page).toContain('Challenge Grand Nord · relance')
    expect(page).toContain('lun. 25 janv. 2027, 09:00')
    expect(page).toContain(`/console/campaigns/${demo.campaignId}`)
    expect(page).not.toContain('Challenge Grand Nord · teaser')
  })

  test('counts what waits by channel', async () => {
    const [one] = await store.db.select().from(deliveries).where(eq(deliveries.channel, 'sms')).limit(1)
    const later = new Date(businessNow.getTime() + 3_600_000)
    await store.db.update(deliveries).set({ status: 'queued', dueAt: later }).where(eq(deliveries.id, one!.id))
    const page = await homeOf(owner)
    expect(page).toMatch(/c-sms.{0,60}SMS<\/span> 1 envoi</s)
    await store.db.update(deliveries).set({ status: one!.status, dueAt: one!.dueAt }).where(eq(deliveries.id, one!.id))
  })
})

describe('what went wrong', () => {
  test('groups deliveries by reason, and leads to them', async () => {
    const some = await store.db.select().from(deliveries).where(eq(deliveries.channel, 'email')).limit(3)
    for (const { id } of some)
      await store.db.update(deliveries).set({ status: 'needs_review', reason: 'doubt' }).where(eq(deliveries.id, id))
    const page = await homeOf(owner)
    expect(page).toMatch(/href="\/console\/outbox\?status=needs_review&amp;network=demo"[\s\S]{0,80}>3</)
    for (const { id, status, reason } of some)
      await store.db.update(deliveries).set({ status, reason }).where(eq(deliveries.id, id))
  })

  test('forgets failures after two weeks, and never what still waits for somebody', async () => {
    const [failed] = await store.db.select().from(deliveries).where(eq(deliveries.status, 'failed')).limit(1)
    const at = (days: number) => new Date(businessNow.getTime() - days * 86_400_000)
    await store.db
      .update(deliveries)
      .set({ dueAt: at(13) })
      .where(eq(deliveries.id, failed!.id))
    expect(await homeOf(owner)).toContain('status=failed')
    await store.db
      .update(deliveries)
      .set({ dueAt: at(60) })
      .where(eq(deliveries.status, 'failed'))
    expect(await homeOf(owner)).not.toContain('status=failed')
    await store.db.update(deliveries).set({ status: 'unknown' }).where(eq(deliveries.id, failed!.id))
    expect(await homeOf(owner)).toContain('status=unknown')
    await store.db.update(deliveries).set({ status: 'failed' }).where(eq(deliveries.id, failed!.id))
  })

  test('tells of a campaign that paused itself; one that somebody paused waits to be resumed', async () => {
    const { context } = site.deps
    const [network] = await store.db.select().from(networks).where(eq(networks.id, demo.networkId))
    const request = { campaignId: demo.campaignId, reason: 'Le budget du jour est dépensé.' }
    await pauseCampaign(context, network!, { ...request, actor: 'relais' })
    const itself = await homeOf(owner)
    expect(itself).toContain('« Challenge Grand Nord » s’est mise en pause')
    expect(itself).toContain('Le budget du jour est dépensé.')
    await resumeCampaign(context, network!, { ...request, actor: 'operator' })
    site.clock.at = new Date(wallNow.getTime() + 60_000)
    await pauseCampaign(context, network!, { ...request, actor: 'operator' })
    const somebody = await homeOf(owner)
    expect(somebody).not.toContain('s’est mise en pause')
    expect(somebody).toContain('« Challenge Grand Nord » est en pause')
    await resumeCampaign(context, network!, { ...request, actor: 'operator' })
  })

  test('tells of an import that failed and of addresses that closed', async () => {
    await store.db.insertRows(imports, [
      {
        ...{ networkId: demo.networkId, id: newId(), fileName: 'agences.csv', fileHash: 'x', status: 'failed' },
        ...{ mapping: {}, startedAt: businessNow },
      },
    ])
    const [address] = await store.db.select().from(addresses).where(eq(addresses.networkId, demo.networkId)).limit(1)
    await store.db
      .update(addresses)
      .set({ status: 'bounced', updatedAt: businessNow })
      .where(eq(addresses.id, address!.id))
    const page = await homeOf(owner)
    expect(page).toContain('L’import de « agences.csv » a échoué')
    expect(page).toContain('adresse e-mail rejetée')
  })
})

describe('what waits', () => {
  test('drafts, duplicates, addresses and notifications, each with its way', async () => {
    const { db } = store
    const [user] = await db.select().from(users).where(eq(users.email, 'owner@relais.local'))
    await db.insertRows(campaigns, [
      {
        ...{ networkId: demo.networkId, id: newId(), name: 'portes-ouvertes', title: { fr: 'Portes ouvertes' } },
        ...({ class: 'relational', status: 'draft', createdAt: wallNow } as const),
      },
    ])
    const [one, two] = await db.select().from(contacts).where(eq(contacts.networkId, demo.networkId)).limit(2)
    await db.insertRows(duplicates, [
      {
        ...{ networkId: demo.networkId, contactId: one!.id, otherId: two!.id, foundAt: wallNow },
        ...({ reason: 'same_mobile', status: 'open' } as const),
      },
    ])
    await db.insertRows(notifications, [
      {
        ...{ networkId: demo.networkId, id: newId(), userId: user!.id, kind: 'campaign_finished', dedupeKey: 'x' },
        ...{ params: { campaign: 'Portes ouvertes' }, href: '/console', createdAt: wallNow },
      },
    ])
    const page = await homeOf(owner)
    expect(page).toContain('Le brouillon « Portes ouvertes »')
    for (const [path, text, count] of [
      ['/console/duplicates', 'doublon possible', 1],
      ['/console/hygiene', 'adresse à corriger', 1],
      ['/console/notifications?show=unread&amp;', 'notifications non lues', 2],
    ] as const)
      expect(page).toMatch(
        new RegExp(`href="${path.replace('?', '\\?')}[\\s\\S]{0,150}>${count}<[\\s\\S]{0,80}${text}`),
      )
  })
})

describe('who looks', () => {
  test('sees no more than their own rooms would show', async () => {
    const viewer = await homeOf(await as('viewer', 'a viewer'))
    expect(viewer).toContain('Challenge Grand Nord')
    expect(viewer).not.toContain('/console/outbox?status')
    expect(viewer).not.toContain('doublon')
    expect(viewer).not.toContain('/console/imports/new')
    const [elsewhere] = await store.db.select().from(sites).where(eq(sites.networkId, demo.networkId)).limit(1)
    const regional = await homeOf(await as('region_manager', 'a regional', { areas: ['Nulle part'] }))
    expect(elsewhere).toBeDefined()
    expect(regional).not.toContain('status=')
    expect(regional).not.toContain('Portes ouvertes')
  })

  test('and whoever has no console is told what to do', async () => {
    expect(await homeOf(await as('partner', 'a partner', { sites: ['x'] }))).toContain('Demandez une invitation')
  })

  test('another’s network is not there', async () => {
    const regional = await as('viewer', 'another viewer')
    expect((await regional.get('/console?network=nouveau')).status).toBe(404)
  })
})

describe('the example network', () => {
  test('a new network says what to do first, and ticks what has been done', async () => {
    const empty = await homeOf(owner, '?network=nouveau&lang=fr')
    expect(empty).toContain('Importez vos partenaires')
    expect(empty).toMatch(/aria-current="step"[\s\S]{0,400}\/console\/imports\/new/)
    expect(empty).not.toContain('Ce qui ne va pas')
    expect(await homeOf(owner)).not.toContain('Importez vos partenaires')
  })

  test('is deleted at a press, and leaves its owner in a network to import into', async () => {
    const path = '/console/network/delete?network=demo'
    const set = (isDemo: boolean) => store.db.update(networks).set({ isDemo }).where(eq(networks.id, demo.networkId))
    await set(false)
    expect((await owner.get(path)).status).toBe(404)
    expect((await owner.post(path)).status).toBe(403)
    await set(true)
    const look = await (await owner.get(path)).text()
    const size = await store.db.$count(contacts, eq(contacts.networkId, demo.networkId))
    expect(look).toContain(`${size} contacts`)
    const answer = await owner.post(path)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/console?network=nouveau&gone=demo')
    const after = await homeOf(owner, '?network=nouveau&gone=demo&lang=fr')
    expect(after).toContain('Le réseau de démonstration a été supprimé.')
    expect(after).toContain('Importez vos partenaires')
    expect(await store.db.$count(networks, eq(networks.id, demo.networkId))).toBe(0)
  })
})

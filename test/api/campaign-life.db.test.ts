import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKey, type KeyPermission, keyPermissions } from '../../src/accounts/api-keys.ts'
import { networks } from '../../src/db/schema.ts'
import { systemRandom } from '../../src/random.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, publicUrl, type Site } from '../web/client.ts'
import { type SmallNetwork, seedSmallNetwork } from '../web/small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let site: Site
let owner: Browser
let key: string

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  site = openSite(store.db, demo.plan)
  owner = site.browser()
  await owner.signIn()
  key = await keyFor(keyPermissions)
})
afterAll(() => store.drop())

const keyFor = async (permissions: readonly KeyPermission[]): Promise<string> => {
  const made = await store.db.transaction((tx) =>
    createKey(tx, systemRandom, {
      ...{ network: { id: demo.networkId, mode: 'sandbox' as const }, name: 'test', permissions, days: 30 },
      ...{ perMinute: 1_000, createdBy: 'u1', at: site.clock.at },
    }),
  )
  return made.text
}

/** Asks as a program with a key, or, without one, as the owner who is signed in. */
async function ask<T>(path: string, body?: unknown, as: string | undefined = key, status = 200): Promise<T> {
  const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const headers = new Headers(as === 'owner' ? { cookie, origin: publicUrl } : { authorization: `Bearer ${as}` })
  if (body !== undefined) headers.set('content-type', 'application/json')
  const answer = await site.app.request(
    publicUrl + path,
    body === undefined ? { headers } : { method: 'POST', body: JSON.stringify(body), headers },
    { incoming: { socket: { remoteAddress: '192.0.2.9' } } },
  )
  expect([path, answer.status]).toEqual([path, status])
  return (await answer.json()) as T
}

const step = (name: string, at: string) => ({
  ...{ name, at, intent: 'follow-up', template: 'challenge/launch', channels: ['intranet'] },
})
const definition = (name: string, ...steps: unknown[]) => ({
  ...{ name, title: { fr: 'Par l’API' }, class: 'relational', audience: { contact: demo.contactId } },
  ...{ anchor: { launch: '2027-03-01T08:30' }, link: 'https://www.example.com' },
  ...{ values: { prize: { fr: 'un vélo', en: 'a bicycle' } }, steps },
})
interface Campaign {
  id: string
  name: string
  status: string
  statusReason: string | null
  version: number
}
const create = async (name: string, ...steps: unknown[]) => {
  const made = await ask<Campaign>('/api/v1/campaigns', { definition: definition(name, ...steps) }, key, 201)
  return { ...made, at: `/api/v1/campaigns/${made.id}` }
}

test('a campaign goes its whole way by the interface: proof, approval, launch, undo, pause, resume, cancel', async () => {
  const { at, name } = await create('toute-la-vie', step('une', 'launch'), step('deux', 'launch + 2 days'))
  const approval = { isRequired: true, classes: [], fromPeople: 0 }
  const settings = { launching: { approval, isFourEyes: false } }
  await store.db.update(networks).set({ settings }).where(eq(networks.id, demo.networkId))
  expect(await ask(`${at}/launch`, { name }, key, 409)).toMatchObject({ code: 'approval.missing' })
  expect(await ask(`${at}/approval`, {}, key, 409)).toMatchObject({ code: 'proof_missing' })
  expect(await ask(`${at}/proof`, {})).toMatchObject({ isNew: true })
  expect(await ask(`${at}/proof`, {})).toMatchObject({ isNew: false })
  expect(await ask(`${at}/proof`)).toMatchObject({ items: [] })
  expect(await ask(`${at}/approval`, { seen: 'another' }, key, 409)).toMatchObject({ code: 'moved' })
  expect(await ask(`${at}/approval`, {})).toMatchObject({ isNew: true })
  const asked = await ask<{ isRequired: boolean; approval: { hash: string; status: string } }>(`${at}/approval`)
  expect(asked).toMatchObject({ isRequired: true, approval: { status: 'asked' } })
  const yes = { hash: asked.approval.hash, verdict: 'approve' }
  expect(await ask(`${at}/votes`, yes, key, 403)).toMatchObject({ code: 'not-given' })
  expect(await ask(`${at}/votes`, yes, 'owner')).toMatchObject({ status: 'approval' })
  expect(await ask(`${at}/approval`)).toMatchObject({
    approval: { status: 'approved', votes: [{ verdict: 'approve' }] },
  })
  const checks = await ask<{ items: { code: string; state: string }[] }>(`${at}/checklist`)
  expect(checks.items.find(({ code }) => code === 'approval')).toMatchObject({ state: 'ok' })

  expect(await ask(`${at}/launch`, { name: 'autre' }, key, 409)).toMatchObject({ code: 'name' })
  expect(await ask(`${at}/launch`, { name })).toMatchObject({ status: 'scheduled' })
  expect(await ask(`${at}/launch`, { name })).toMatchObject({ status: 'scheduled' })
  expect(await ask(`${at}/undo`, {})).toMatchObject({ status: 'draft' })
  expect(await ask(`${at}/undo`, {})).toMatchObject({ status: 'draft' })
  expect(await ask(`${at}/launch`, { name })).toMatchObject({ status: 'scheduled' })
  expect(await ask(`${at}/discard`, {}, key, 409)).toMatchObject({ code: 'wrong-state' })
  expect(await ask(`${at}/pause`, { reason: 'une erreur' })).toMatchObject({
    ...{ status: 'paused', statusReason: 'une erreur' },
  })
  expect(await ask(`${at}/undo`, {}, key, 409)).toMatchObject({ code: 'wrong-state' })
  expect(await ask(`${at}/resume`, {})).toMatchObject({ status: 'running' })
  expect(await ask(`${at}/steps/deux/cancel`, {})).toMatchObject({ status: 'running' })
  expect(await ask(`${at}/steps/trois/cancel`, {}, key, 409)).toMatchObject({ code: 'wrong-state' })
  expect(await ask(`${at}/close`, {})).toMatchObject({ status: 'running' })
  expect(await ask(`${at}/cancel`, {})).toMatchObject({ status: 'canceled' })
  expect(await ask(`${at}/resume`, {}, key, 409)).toMatchObject({ code: 'wrong-state' })
  await store.db.update(networks).set({ settings: {} }).where(eq(networks.id, demo.networkId))
})

test('a running campaign is changed in two moves, and its versions say what changed', async () => {
  const { at, name } = await create('en-marche', step('une', 'launch'), step('deux', 'launch + 2 days'))
  await ask(`${at}/launch`, { name })
  const other = definition(name, step('une', 'launch'), step('deux', 'launch + 3 days'))
  expect(await ask(`${at}/changes`, { version: 9, definition: other }, key, 409)).toMatchObject({ code: 'moved' })
  const prepared = await ask<{ id: string }>(`${at}/changes`, { version: 1, definition: other })
  expect(prepared).toMatchObject({ status: 'proposed', steps: [{ step: 'une' }, { step: 'deux', effect: 'replaced' }] })
  expect(await ask(at)).toMatchObject({ version: 1 })
  expect(await ask(`${at}/changes/${prepared.id}/apply`, {})).toMatchObject({ status: 'applied', steps: null })
  expect(await ask(`${at}/changes/${prepared.id}/apply`, {})).toMatchObject({ status: 'applied' })
  expect(await ask(`${at}/versions`)).toMatchObject({
    versions: [
      { version: 2, changedSteps: ['deux'] },
      { version: 1, changedSteps: [] },
    ],
  })
  await ask(`${at}/changes/none/apply`, {}, key, 404)
})

test('each move asks for its right, and a draft that is thrown away is gone', async () => {
  const { at, name } = await create('des-droits', step('une', 'launch'))
  const writer = await keyFor(['campaign.read', 'campaign.write'])
  for (const [rest, body] of [
    ['launch', { name }],
    ['undo', {}],
    ['pause', {}],
    ['resume', {}],
    ['close', {}],
    ['cancel', {}],
    ['steps/une/cancel', {}],
    ['changes/x/apply', {}],
  ] as const)
    expect(await ask(`${at}/${rest}`, body, writer, 403)).toMatchObject({ code: 'not-given' })
  expect(await ask(`${at}/discard`, {}, writer)).toEqual({ discarded: true })
  await ask(at, undefined, writer, 404)
})

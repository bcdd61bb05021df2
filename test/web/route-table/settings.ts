import { and, eq } from 'drizzle-orm'
import { type Db, newId } from '../../../src/db/index.ts'
import { breakers, networks, senders } from '../../../src/db/schema.ts'
import { addClosure } from '../../../src/network/change-settings.ts'
import { type SmallNetwork, wallNow } from '../small-network.ts'
import type { RouteTable } from './types.ts'

const nameOf = async (demo: SmallNetwork, db: Db): Promise<string> => {
  const [network] = await db.select({ name: networks.name }).from(networks).where(eq(networks.id, demo.networkId))
  return network!.name
}

/** The address in this network. */
const inIt = (path: string) => async (demo: SmallNetwork, db: Db) => `${path}?network=${await nameOf(demo, db)}`

/** A sender that is not the default one, made where there is none. */
const ofSender = (rest: string) => async (demo: SmallNetwork, db: Db) => {
  const own = and(eq(senders.networkId, demo.networkId), eq(senders.name, 'Autre nom'))
  const [known] = await db.select({ id: senders.id }).from(senders).where(own)
  const id = known?.id ?? newId()
  if (!known)
    await db.insert(senders).values({
      networkId: demo.networkId,
      id,
      channel: 'sms',
      name: 'Autre nom',
      provider: 'preview',
      address: 'RESEAU',
      countries: [],
      createdAt: wallNow,
    })
  return `/console/settings/senders/${id}${rest}?network=${await nameOf(demo, db)}`
}

/** The pages of accounts exist in a live network only. */
const ofAccount = (rest: string) => async (demo: SmallNetwork, db: Db) =>
  `/console/settings/accounts/smtp${rest}?network=${await nameOf(demo, db)}`

/** An account that has taken nothing for a while. */
const ofBreaker = async (demo: SmallNetwork, db: Db) => {
  const row = { account: demo.networkId, channel: 'sms', provider: 'twilio', reason: 'no_answer' } as const
  await db.insertRows(
    breakers,
    [{ ...row, failures: 5, openedAt: wallNow, retryAt: wallNow, updatedAt: wallNow }],
    'ignore',
  )
  return inIt('/console/settings/breakers/sms/try')(demo, db)
}

const ofClosure = async (demo: SmallNetwork, db: Db) => {
  const act = { networkId: demo.networkId, actor: 'test', at: wallNow }
  await db.transaction((tx) => addClosure(tx, act, { label: 'Pont', from: '2027-05-07', to: '2027-05-07' }))
  const [network] = await db.select().from(networks).where(eq(networks.id, demo.networkId))
  const id = network!.settings.closures!.at(-1)!.id
  return `/console/settings/closures/${id}/remove?network=${network!.name}`
}

export const routes: RouteTable = {
  'GET /console/settings/launching': { access: 'settings.read' },
  'POST /console/settings/launching': { access: 'settings.write' },
  'POST /console/settings/launching/seeds': { access: 'settings.write' },
  'POST /console/settings/launching/seeds/remove': { access: 'settings.write' },
  'GET /console/settings/printing': { access: 'settings.read' },
  'POST /console/settings/printing': {
    access: 'settings.write',
    form: {
      ...{ proofToFreeze: '2', freezeToRouting: '1', routingToPosted: '5', postedToArrival: '3' },
      ...{ express: '1', letter: '3', bulk: '7' },
    },
  },
  'POST /console/settings/printing/shops': {
    access: 'settings.write',
    form: { shop: 'Dupont', 'shop.proofToFreeze': '3' },
  },
  'POST /console/settings/printing/shops/remove': { access: 'settings.write', form: { shop: 'Dupont' } },
  'POST /console/settings/printing/restore': { access: 'settings.write' },
  'GET /console/settings': { access: 'settings.read' },
  'POST /console/settings': { access: 'settings.write', path: inIt('/console/settings') },
  'GET /console/settings/networks/new': { access: 'settings.write' },
  'POST /console/settings/networks': { access: 'settings.write', path: inIt('/console/settings/networks') },
  'POST /console/settings/breakers/:channel/try': {
    access: 'settings.write',
    path: ofBreaker,
  },
  'POST /console/settings/account-rate/:channel': {
    access: 'settings.write',
    path: inIt('/console/settings/account-rate/sms'),
  },
  'POST /console/settings/senders/:id/resume': { access: 'settings.write', path: ofSender('/resume') },
  'GET /console/settings/senders': { access: 'settings.read' },
  'GET /console/settings/senders/new': {
    access: 'settings.write',
    path: async (demo, db) => `${await inIt('/console/settings/senders/new')(demo, db)}&channel=sms`,
  },
  'POST /console/settings/senders': {
    access: 'settings.write',
    path: inIt('/console/settings/senders'),
    form: { channel: 'sms' },
  },
  'GET /console/settings/senders/:id': { access: 'settings.write', path: ofSender('') },
  'POST /console/settings/senders/:id': { access: 'settings.write', path: ofSender('') },
  'POST /console/settings/senders/:id/default': { access: 'settings.write', path: ofSender('/default') },
  'GET /console/settings/senders/:id/remove': { access: 'settings.write', path: ofSender('/remove') },
  'POST /console/settings/senders/:id/remove': { access: 'settings.write', path: ofSender('/remove') },
  'GET /console/settings/accounts/:provider': { access: 'settings.write', path: ofAccount('') },
  'POST /console/settings/accounts/:provider': { access: 'settings.write', path: ofAccount('') },
  'POST /console/settings/accounts/:provider/check': { access: 'settings.write', path: ofAccount('/check') },
  'GET /console/settings/accounts/:provider/remove': { access: 'settings.write', path: ofAccount('/remove') },
  'POST /console/settings/accounts/:provider/remove': { access: 'settings.write', path: ofAccount('/remove') },
  'GET /console/settings/hours': { access: 'settings.read' },
  'GET /console/settings/hours/:window': { access: 'settings.write', path: inIt('/console/settings/hours/night') },
  'POST /console/settings/hours/:window': { access: 'settings.write', path: inIt('/console/settings/hours/night') },
  'POST /console/settings/hours/:window/restore': {
    access: 'settings.write',
    path: inIt('/console/settings/hours/night/restore'),
  },
  'POST /console/settings/closures': { access: 'settings.write', path: inIt('/console/settings/closures') },
  'POST /console/settings/closures/:id/remove': { access: 'settings.write', path: ofClosure },
  'GET /console/settings/rewards': { access: 'settings.read' },
  'POST /console/settings/rewards': { access: 'settings.write', path: inIt('/console/settings/rewards') },
  'POST /console/settings/rewards/remove': {
    access: 'settings.write',
    path: inIt('/console/settings/rewards/remove'),
    form: { from: '2031-01-01' },
  },
  'POST /console/settings/rewards/reference': {
    access: 'settings.write',
    path: inIt('/console/settings/rewards/reference'),
    form: { reference: 'january' },
  },
  'GET /console/settings/caps': { access: 'settings.read' },
  'POST /console/settings/caps': { access: 'settings.write', path: inIt('/console/settings/caps') },
  'POST /console/settings/caps/restore': { access: 'settings.write', path: inIt('/console/settings/caps/restore') },
  'POST /console/settings/budget': { access: 'settings.write', path: inIt('/console/settings/budget') },
  'POST /console/settings/budget/restore': { access: 'settings.write', path: inIt('/console/settings/budget/restore') },
  'GET /console/settings/safeguards': { access: 'settings.read', path: inIt('/console/settings/safeguards') },
  'POST /console/settings/safeguards/stops': {
    access: 'settings.write',
    path: inIt('/console/settings/safeguards/stops'),
    form: { bounced: '5', complained: '0,3', filtered: '2', afterSent: '50', source: 'essai', checkedOn: '2026-11-01' },
  },
  'POST /console/settings/safeguards/stops/restore': {
    access: 'settings.write',
    path: inIt('/console/settings/safeguards/stops/restore'),
  },
  'POST /console/settings/safeguards/countries': {
    access: 'settings.write',
    path: inIt('/console/settings/safeguards/countries'),
    form: { countries: 'France, Belgique', source: 'essai', checkedOn: '2026-11-01' },
  },
  'POST /console/settings/safeguards/countries/restore': {
    access: 'settings.write',
    path: inIt('/console/settings/safeguards/countries/restore'),
  },
  'GET /console/settings/retention': { access: 'settings.read', path: inIt('/console/settings/retention') },
  'GET /console/settings/retention/silent': {
    access: 'settings.read',
    path: inIt('/console/settings/retention/silent'),
  },
  'POST /console/settings/retention/silent': {
    access: 'settings.write',
    path: inIt('/console/settings/retention/silent'),
    form: { answerDays: '30' },
  },
  'POST /console/settings/retention/silent/:contact': {
    access: 'settings.write',
    path: inIt('/console/settings/retention/silent/nobody'),
    form: { keep: 'yes' },
  },
  'GET /console/settings/retention/:kind': {
    access: 'settings.write',
    path: inIt('/console/settings/retention/inbound'),
  },
  'POST /console/settings/retention/:kind': {
    access: 'settings.write',
    path: inIt('/console/settings/retention/inbound'),
    form: { value: '20', source: 'essai', checkedOn: '2026-11-01' },
  },
  'POST /console/settings/retention/:kind/restore': {
    access: 'settings.write',
    path: inIt('/console/settings/retention/inbound/restore'),
  },
  'GET /console/settings/tracking': { access: 'settings.read', path: inIt('/console/settings/tracking') },
  'POST /console/settings/tracking': { access: 'settings.write', path: inIt('/console/settings/tracking') },
  'GET /console/settings/tracking/:country': { access: 'settings.write', path: inIt('/console/settings/tracking/FR') },
  'POST /console/settings/tracking/:country': { access: 'settings.write', path: inIt('/console/settings/tracking/FR') },
  'POST /console/settings/tracking/:country/restore': {
    access: 'settings.write',
    path: inIt('/console/settings/tracking/FR/restore'),
  },
  'GET /console/settings/costs': { access: 'settings.read' },
  'POST /console/settings/costs': { access: 'settings.write', path: inIt('/console/settings/costs') },
  'GET /console/settings/costs/:item': { access: 'settings.write', path: inIt('/console/settings/costs/sms') },
  'POST /console/settings/costs/:item': { access: 'settings.write', path: inIt('/console/settings/costs/sms') },
  'POST /console/settings/costs/:item/restore': {
    access: 'settings.write',
    path: inIt('/console/settings/costs/sms/restore'),
  },
}

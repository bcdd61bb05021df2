import { and, eq } from 'drizzle-orm'
import { parse } from 'yaml'
import { putWords } from '../../../src/campaign/drafts.ts'
import { oneOffWords } from '../../../src/campaign/one-off.ts'
import { newId } from '../../../src/db/index.ts'
import { campaignChanges, campaigns, campaignVersions, messages, sites } from '../../../src/db/schema.ts'
import { wallNow } from '../small-network.ts'
import type { RouteTable } from './types.ts'

const written = `name: NAME
title: { fr: Brouillon }
class: relational
audience: { contact: CONTACT }
anchor: { launch: now }
link: https://www.example.com
steps: [{ name: x, at: launch, intent: relationship, template: message/NAME }]
`

/** A draft of its own in the given network: some of these routes are only there for one. */
export const draftIn =
  (rest = '', room = 'campaigns'): NonNullable<RouteTable[`GET /${string}`]['path']> =>
  async (demo, db) => {
    const id = newId()
    const definition = {}
    const source = written.replaceAll('NAME', `brouillon-${id}`).replace('CONTACT', demo.contactId)
    const row = { networkId: demo.networkId, createdAt: wallNow }
    await db.insert(campaigns).values({
      ...row,
      id,
      name: `brouillon-${id}`,
      title: { fr: 'Brouillon' },
      class: 'relational',
      status: 'draft',
    })
    await db
      .insert(campaignVersions)
      .values({ ...row, campaignId: id, version: 1, definition, source, hash: id, createdBy: 'test' })
    const template = `message/brouillon-${id}`
    const words = oneOffWords({ fr: { subject: 'Essai', text: 'Bonjour.' } }, template)
    await putWords(db, demo.networkId, words, 'test', wallNow)
    return `/console/${room}/${id}${rest}`
  }

/** A campaign that runs in the given network, with a change somebody has prepared. */
const changeIn =
  (rest = ''): NonNullable<RouteTable[`GET /${string}`]['path']> =>
  async (demo, db) => {
    const there = await draftIn()(demo, db)
    const campaignId = there.split('/').at(-1) as string
    await db.update(campaigns).set({ status: 'running', launchedAt: wallNow }).where(eq(campaigns.id, campaignId))
    const [version] = await db.select().from(campaignVersions).where(eq(campaignVersions.campaignId, campaignId))
    const source = version?.source ?? ''
    const definition = parse(source)
    await db.update(campaignVersions).set({ definition }).where(eq(campaignVersions.campaignId, campaignId))
    const id = newId()
    await db.insert(campaignChanges).values({
      ...{ networkId: demo.networkId, id, campaignId, baseVersion: 1, source: `${source}# relu\n`, hash: id },
      ...{ status: 'proposed', createdBy: 'test', createdAt: wallNow },
    })
    return `${there}${rest.replace('CHANGE', id)}`
  }

export const routes: RouteTable = {
  'GET /console/campaigns': { access: 'campaign.read' },
  'GET /console/campaigns/new': { access: 'campaign.write' },
  'GET /console/campaigns/start': { access: 'campaign.write', path: () => '/console/campaigns/start?preset=challenge' },
  'POST /console/campaigns': { access: 'campaign.write', form: { preset: 'challenge' } },
  'POST /console/campaigns/file': { access: 'campaign.write' },
  'GET /console/campaigns/:id': { access: 'campaign.read' },
  'POST /console/campaigns/:id': { access: 'campaign.write', path: draftIn() },
  'GET /console/campaigns/:id/source': { access: 'campaign.read' },
  'POST /console/campaigns/:id/source': { access: 'campaign.write', path: draftIn('/source') },
  'GET /console/campaigns/:id/discard': { access: 'campaign.write', path: draftIn('/discard') },
  'POST /console/campaigns/:id/discard': { access: 'campaign.write', path: draftIn('/discard') },
  'GET /console/campaigns/:id/plan': { access: 'campaign.read', path: draftIn('/plan') },
  'GET /console/campaigns/:id/plan/people': { access: 'campaign.read', path: draftIn('/plan/people?step=x') },
  'GET /console/campaigns/:id/plan/person': {
    access: 'campaign.read',
    path: async (demo, db) => draftIn(`/plan/person?q=${demo.contactId}`)(demo, db),
  },
  'GET /console/campaigns/:id/launch': { access: 'campaign.launch', path: draftIn('/launch') },
  'POST /console/campaigns/:id/launch': { access: 'campaign.launch', path: draftIn('/launch') },
  'POST /console/campaigns/:id/undo': { access: 'campaign.launch', path: draftIn('/undo') },
  'GET /console/campaigns/:id/proof': { access: 'campaign.approve', path: draftIn('/proof') },
  'POST /console/campaigns/:id/proof': { access: 'campaign.write', path: draftIn('/proof') },
  'GET /console/campaigns/:id/proof/letter': {
    access: 'campaign.approve',
    path: draftIn('/proof/letter?step=x&language=fr&sample=0'),
  },
  'GET /console/campaigns/:id/approval': { access: 'campaign.read', path: draftIn('/approval') },
  'POST /console/campaigns/:id/approval': { access: 'campaign.write', path: draftIn('/approval') },
  'POST /console/campaigns/:id/approval/vote': { access: 'campaign.approve', path: draftIn('/approval/vote') },
  'GET /console/campaigns/:id/checklist': { access: 'campaign.read', path: draftIn('/checklist') },
  'POST /console/campaigns/:id/checklist/links': { access: 'campaign.write', path: draftIn('/checklist/links') },
  'GET /console/campaigns/:id/pause': { access: 'campaign.control' },
  'POST /console/campaigns/:id/pause': { access: 'campaign.control' },
  'GET /console/campaigns/:id/resume': { access: 'campaign.control' },
  'POST /console/campaigns/:id/resume': { access: 'campaign.control' },
  'GET /console/campaigns/:id/cancel': { access: 'campaign.control' },
  'POST /console/campaigns/:id/cancel': { access: 'campaign.control' },
  'GET /console/campaigns/:id/edit': { access: 'campaign.write', path: changeIn('/edit') },
  'POST /console/campaigns/:id/edit': { access: 'campaign.write', path: changeIn('/edit') },
  'GET /console/campaigns/:id/versions': { access: 'campaign.read' },
  'GET /console/campaigns/:id/changes/:change': { access: 'campaign.read', path: changeIn('/changes/CHANGE') },
  'POST /console/campaigns/:id/changes/:change': { access: 'campaign.launch', path: changeIn('/changes/CHANGE') },
  'POST /console/campaigns/:id/changes/:change/discard': {
    access: 'campaign.write',
    path: changeIn('/changes/CHANGE/discard'),
  },
  'GET /console/campaigns/:id/close': { access: 'campaign.control', path: changeIn('/close') },
  'POST /console/campaigns/:id/close': { access: 'campaign.control', path: changeIn('/close') },
  'GET /console/campaigns/:id/steps/:step/cancel': { access: 'campaign.control', path: changeIn('/steps/x/cancel') },
  'POST /console/campaigns/:id/steps/:step/cancel': { access: 'campaign.control', path: changeIn('/steps/x/cancel') },
  'GET /console/campaigns/:id/left-out': {
    access: 'campaign.read',
    path: async (demo, db) => {
      const of = and(eq(messages.networkId, demo.networkId), eq(messages.campaignId, demo.campaignId))
      const [message] = await db.select().from(messages).where(of).limit(1)
      return `/console/campaigns/${demo.campaignId}/left-out?message=${message?.id}`
    },
  },
  'GET /console/campaigns/:id/words': { access: 'campaign.read', path: draftIn('/words') },
  'GET /console/campaigns/:id/words/:step/:language/:channel/content': {
    access: 'campaign.read',
    path: draftIn('/words/x/fr/email/content'),
  },
  'GET /console/campaigns/:id/words/:step/:language/:channel/letter.pdf': {
    access: 'campaign.read',
    path: async (demo, db) => {
      const address = { addressLine1: '14 rue des Forges', postcode: '80000', city: 'Amiens' }
      await db.update(sites).set(address).where(eq(sites.networkId, demo.networkId))
      return draftIn('/words/x/fr/print/letter.pdf')(demo, db)
    },
  },
  'GET /console/messages/new': { access: 'campaign.write' },
  'POST /console/messages': { access: 'campaign.write' },
  'GET /console/messages/:id': { access: 'campaign.write', path: draftIn('', 'messages') },
  'POST /console/messages/:id': { access: 'campaign.write', path: draftIn('', 'messages') },
}

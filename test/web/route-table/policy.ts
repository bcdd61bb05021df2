import { eq } from 'drizzle-orm'
import type { Db } from '../../../src/db/index.ts'
import { networks, policyDrafts, users } from '../../../src/db/schema.ts'
import { defaultPolicy } from '../../../src/routing/default-policy.ts'
import { type SmallNetwork, wallNow } from '../small-network.ts'
import type { RouteTable } from './types.ts'

const inIt = (path: string) => async (demo: SmallNetwork, db: Db) => {
  const [network] = await db.select({ name: networks.name }).from(networks).where(eq(networks.id, demo.networkId))
  return `${path}?network=${network!.name}`
}

/** Everybody has a draft, so that there is something to look at. */
const withDraft = (path: string) => async (demo: SmallNetwork, db: Db) => {
  const [first, ...rest] = defaultPolicy.rules
  const table = { rules: [rest[0]!, first!, ...rest.slice(1)], companions: { intranet: true } }
  for (const { id } of await db.select({ id: users.id }).from(users))
    await db
      .insert(policyDrafts)
      .values({ networkId: demo.networkId, userId: id, table, startedAt: wallNow })
      .onConflictDoNothing()
  return inIt(path)(demo, db)
}

const home = '/console/policy'
const read = (path: string) => ({ access: 'policy.read', path: inIt(path) }) as const
const edit = (path: string) => ({ access: 'policy.edit', path: inIt(path) }) as const

/** The routing policy. */
export const routes: RouteTable = {
  'GET /console/policy': { access: 'policy.read' },
  'GET /console/policy/new-rule': edit(`${home}/new-rule`),
  'POST /console/policy/new-rule': edit(`${home}/new-rule`),
  'GET /console/policy/rules/:rule': edit(`${home}/rules/field`),
  'POST /console/policy/rules/:rule': edit(`${home}/rules/field`),
  'POST /console/policy/rules/:rule/move': edit(`${home}/rules/field/move`),
  'POST /console/policy/rules/:rule/remove': edit(`${home}/rules/field/remove`),
  'POST /console/policy/companions': edit(`${home}/companions`),
  'POST /console/policy/shipped': edit(`${home}/shipped`),
  'POST /console/policy/discard': edit(`${home}/discard`),
  'GET /console/policy/review': { access: 'policy.edit', path: withDraft(`${home}/review`) },
  'POST /console/policy/save': edit(`${home}/save`),
  'GET /console/policy/versions': read(`${home}/versions`),
  'GET /console/policy/versions/:version': read(`${home}/versions/1`),
  'POST /console/policy/versions/:version/restore': edit(`${home}/versions/1/restore`),
  'GET /console/policy/cases': read(`${home}/cases`),
  'GET /console/policy/new-case': edit(`${home}/new-case`),
  'POST /console/policy/new-case': edit(`${home}/new-case`),
  'GET /console/policy/cases/:case': edit(`${home}/cases/shipped-1`),
  'POST /console/policy/cases/:case': edit(`${home}/cases/shipped-1`),
  'POST /console/policy/cases/:case/remove': edit(`${home}/cases/shipped-1/remove`),
  'POST /console/policy/cases-restore': edit(`${home}/cases-restore`),
}

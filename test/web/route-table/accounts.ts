import { eq } from 'drizzle-orm'
import { type Db, newId } from '../../../src/db/index.ts'
import { invitations, memberships, users } from '../../../src/db/schema.ts'
import { type SmallNetwork, wallNow } from '../small-network.ts'
import type { RouteTable } from './types.ts'

/** Somebody who belongs to one network and no other. */
async function memberIn({ networkId }: SmallNetwork, db: Db): Promise<string> {
  const email = `member-${networkId}@example.org`
  const [known] = await db.select({ id: users.id }).from(users).where(eq(users.email, email))
  if (known) return known.id
  const id = newId()
  await db.insert(users).values({ id, name: 'Somebody', email, createdAt: wallNow, updatedAt: wallNow })
  await db.insert(memberships).values({ networkId, userId: id, role: 'viewer', scope: {}, createdAt: wallNow })
  return id
}

async function invitationIn({ networkId }: SmallNetwork, db: Db): Promise<string> {
  const id = `invited-${networkId}`
  await db
    .insert(invitations)
    .values({
      networkId,
      id,
      email: `invited-${networkId}@example.org`,
      name: 'Somebody new',
      role: 'viewer',
      scope: {},
      language: 'fr',
      tokenHash: id,
      invitedBy: 'test',
      expiresAt: new Date(wallNow.getTime() + 86_400_000),
      createdAt: wallNow,
    })
    .onConflictDoNothing()
  return id
}

const home = '/console/settings/users'
const ofMember = (rest: string) => async (demo: SmallNetwork, db: Db) => `${home}/${await memberIn(demo, db)}${rest}`
const ofInvitation = (rest: string) => async (demo: SmallNetwork, db: Db) =>
  `${home}/invitations/${await invitationIn(demo, db)}${rest}`

export const routes: RouteTable = {
  'GET /account': { access: 'signed in' },
  'POST /account': { access: 'signed in' },
  'POST /account/again': { access: 'signed in' },
  'GET /account/email/:token': { access: 'signed in' },
  'POST /account/email/:token': { access: 'signed in' },
  'GET /account/password': { access: 'signed in' },
  'POST /account/password': { access: 'signed in' },
  'GET /account/passkeys': { access: 'signed in' },
  'POST /account/passkeys': { access: 'signed in' },
  'POST /account/passkeys/options': { access: 'signed in' },
  'POST /account/passkeys/:id/remove': { access: 'signed in' },
  'GET /account/two-factor': { access: 'signed in' },
  'POST /account/two-factor': { access: 'signed in' },
  'GET /account/two-factor/confirm': { access: 'signed in' },
  'POST /account/two-factor/confirm': { access: 'signed in' },
  'GET /account/two-factor/codes': { access: 'signed in' },
  'POST /account/two-factor/codes': { access: 'signed in' },
  'GET /account/two-factor/end': { access: 'signed in' },
  'POST /account/two-factor/end': { access: 'signed in' },
  'POST /account/sessions/others': { access: 'signed in' },
  'POST /account/sessions/:id/end': { access: 'signed in' },
  'GET /console/settings/users': { access: 'user.read' },
  'GET /console/settings/users/invite': { access: 'user.write' },
  'POST /console/settings/users/invite': { access: 'user.write' },
  'GET /console/settings/users/invitations/:id/again': { access: 'user.write', path: ofInvitation('/again') },
  'POST /console/settings/users/invitations/:id/again': { access: 'user.write', path: ofInvitation('/again') },
  'POST /console/settings/users/invitations/:id/revoke': { access: 'user.write', path: ofInvitation('/revoke') },
  'GET /console/settings/users/:id': { access: 'user.write', path: ofMember('') },
  'POST /console/settings/users/:id': { access: 'user.write', path: ofMember('') },
  'POST /console/settings/users/:id/roles/revoke': { access: 'user.write', path: ofMember('/roles/revoke') },
  'GET /console/settings/users/:id/remove': { access: 'user.write', path: ofMember('/remove') },
  'POST /console/settings/users/:id/remove': { access: 'user.write', path: ofMember('/remove') },
  'GET /console/settings/users/:id/disable': { access: 'user.write', path: ofMember('/disable') },
  'POST /console/settings/users/:id/disable': { access: 'user.write', path: ofMember('/disable') },
  'POST /console/settings/users/:id/enable': { access: 'user.write', path: ofMember('/enable') },
}

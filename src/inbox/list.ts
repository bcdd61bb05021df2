import { and, desc, eq, exists, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Scope } from '../accounts/policy.ts'
import { conversationsWithin } from '../accounts/scope.ts'
import type { Db } from '../db/index.ts'
import { isUnread } from '../db/schema/inbox.ts'
import { campaigns, contacts, conversationMessages, conversations, sites, users } from '../db/schema.ts'
import { fold } from '../network/folding.ts'
import type { AnsweredChannel } from './whose.ts'

export const inboxShows = ['open', 'mine', 'unassigned', 'closed', 'all'] as const
export type InboxShow = (typeof inboxShows)[number]

export interface InboxFilter {
  show: InboxShow
  channel?: AnsweredChannel
  /** A campaign's id. */
  campaign?: string
  /** A name, a number, a mailbox, or words of a message. */
  q?: string
  /** As the page before gave it. */
  cursor?: string
}

const pageSize = 30

/** One page of the conversations a scope covers, the latest first. `me` is the user who asks. */
export async function listConversations(db: Db, networkId: string, scope: Scope, me: string, filter: InboxFilter) {
  const found = await db
    .select({
      id: conversations.id,
      channel: conversations.channel,
      address: conversations.address,
      addressId: conversations.addressId,
      status: conversations.status,
      unread: conversations.unread,
      excerpt: conversations.excerpt,
      lastDirection: conversations.lastDirection,
      lastAt: conversations.lastAt,
      firstName: contacts.firstName,
      lastName: contacts.lastName,
      siteName: sites.name,
      assignedTo: conversations.assignedTo,
      assignee: users.name,
    })
    .from(conversations)
    .leftJoin(contacts, and(eq(contacts.networkId, conversations.networkId), eq(contacts.id, conversations.contactId)))
    .leftJoin(sites, and(eq(sites.networkId, conversations.networkId), eq(sites.id, conversations.siteId)))
    .leftJoin(users, eq(users.id, conversations.assignedTo))
    .where(
      and(
        eq(conversations.networkId, networkId),
        conversationsWithin(db, scope),
        shown(filter.show, me),
        filter.channel ? eq(conversations.channel, filter.channel) : undefined,
        filter.campaign ? eq(conversations.campaignId, filter.campaign) : undefined,
        filter.q ? matches(db, filter.q) : undefined,
        filter.cursor ? after(filter.cursor) : undefined,
      ),
    )
    .orderBy(desc(conversations.lastAt), desc(conversations.id))
    .limit(pageSize + 1)
  const rows = found.slice(0, pageSize)
  const last = rows.at(-1)
  return { rows, next: found.length > pageSize && last ? `${last.lastAt.getTime()}.${last.id}` : undefined }
}

export type ListedConversation = Awaited<ReturnType<typeof listConversations>>['rows'][number]

function shown(show: InboxShow, me: string): SQL | undefined {
  switch (show) {
    case 'all':
      return undefined
    case 'mine':
      return and(eq(conversations.status, 'open'), eq(conversations.assignedTo, me))
    case 'unassigned':
      return and(eq(conversations.status, 'open'), isNull(conversations.assignedTo))
    default:
      return eq(conversations.status, show)
  }
}

/** A cursor that says nothing begins anew: it is only ever the one a page gave. */
function after(cursor: string): SQL | undefined {
  const [, ms, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(cursor) ?? []
  if (ms === undefined || id === undefined) return undefined
  const at = new Date(Number(ms))
  return or(lt(conversations.lastAt, at), and(eq(conversations.lastAt, at), lt(conversations.id, id)))
}

const escaped = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`)

function matches(db: Db, typed: string): SQL | undefined {
  const words = typed.trim()
  const name = fold(words)
  const digits = words.replace(/[\s.()-]/g, '')
  const address = /^0\d{6,}$/.test(digits) ? digits.slice(1) : digits.toLowerCase()
  const begins = (column: typeof contacts.nameKey) => sql`${column} like ${`${escaped(name)}%`} escape '\\'`
  const isIn = db
    .select({ one: sql`1` })
    .from(conversationMessages)
    .where(
      and(
        eq(conversationMessages.networkId, conversations.networkId),
        eq(conversationMessages.conversationId, conversations.id),
        sql`lower(${conversationMessages.text}) like ${`%${escaped(words.toLowerCase())}%`} escape '\\'`,
      ),
    )
  return or(
    name === '' ? undefined : or(begins(contacts.nameKey), begins(contacts.givenKey)),
    address.length < 3 ? undefined : sql`${conversations.address} like ${`%${escaped(address)}%`} escape '\\'`,
    exists(isIn),
  )
}

/** Conversations with something nobody has read, as the badge of the room counts them. */
export async function countUnread(db: Db, networkId: string, scope: Scope): Promise<number> {
  return db.$count(conversations, and(eq(conversations.networkId, networkId), isUnread, conversationsWithin(db, scope)))
}

/** The campaigns people have answered, for the filter; the latest first. */
export const answeredCampaigns = (db: Db, networkId: string) =>
  db
    .select({ id: campaigns.id, title: campaigns.title, name: campaigns.name })
    .from(campaigns)
    .where(
      and(
        eq(campaigns.networkId, networkId),
        exists(
          db
            .select({ one: sql`1` })
            .from(conversations)
            .where(and(eq(conversations.networkId, campaigns.networkId), eq(conversations.campaignId, campaigns.id))),
        ),
      ),
    )
    .orderBy(desc(campaigns.createdAt))
    .limit(50)

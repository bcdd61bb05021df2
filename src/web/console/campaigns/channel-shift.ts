import { and, count, eq } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { decisions, messages } from '../../../db/schema.ts'
import type { ChannelName } from '../../../words.ts'

export interface ChannelMove {
  /** Null is nothing sent. */
  from: ChannelName | null
  to: ChannelName | null
  contacts: number
}

/** How many contacts of one step were first given which channel in a later one. */
export async function channelShift(
  db: Db,
  networkId: string,
  beforeMessageId: string,
  afterMessageId: string,
): Promise<{ kept: number; moves: ChannelMove[] }> {
  // What another channel's turn added later has an occurrence of its own.
  const first = and(
    eq(messages.networkId, decisions.networkId),
    eq(messages.id, decisions.messageId),
    eq(messages.occurrence, decisions.occurrence),
  )
  const before = db
    .select({ contactId: decisions.contactId, channelBefore: decisions.channel })
    .from(decisions)
    .innerJoin(messages, first)
    .where(and(eq(decisions.networkId, networkId), eq(decisions.messageId, beforeMessageId)))
    .as('before_step')
  const rows = await db
    .select({ from: before.channelBefore, to: decisions.channel, contacts: count() })
    .from(decisions)
    .innerJoin(messages, first)
    .innerJoin(before, eq(before.contactId, decisions.contactId))
    .where(and(eq(decisions.networkId, networkId), eq(decisions.messageId, afterMessageId)))
    .groupBy(before.channelBefore, decisions.channel)
  return {
    kept: rows.filter((row) => row.from === row.to).reduce((total, row) => total + row.contacts, 0),
    moves: rows.filter((row) => row.from !== row.to).sort((a, b) => b.contacts - a.contacts),
  }
}

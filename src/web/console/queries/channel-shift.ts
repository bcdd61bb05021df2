import { and, count, eq } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { decisions } from '../../../db/schema.ts'
import type { ChannelName } from '../../../words.ts'

export interface ChannelMove {
  /** Null is nothing sent. */
  from: ChannelName | null
  to: ChannelName | null
  contacts: number
}

/** How many contacts of one step were given which channel in a later one. */
export async function channelShift(
  db: Db,
  networkId: string,
  beforeMessageId: string,
  afterMessageId: string,
): Promise<{ kept: number; moves: ChannelMove[] }> {
  const before = db
    .select({ contactId: decisions.contactId, channelBefore: decisions.channel })
    .from(decisions)
    .where(and(eq(decisions.networkId, networkId), eq(decisions.messageId, beforeMessageId)))
    .as('before_step')
  const rows = await db
    .select({ from: before.channelBefore, to: decisions.channel, contacts: count() })
    .from(decisions)
    .innerJoin(before, eq(before.contactId, decisions.contactId))
    .where(and(eq(decisions.networkId, networkId), eq(decisions.messageId, afterMessageId)))
    .groupBy(before.channelBefore, decisions.channel)
  return {
    kept: rows.filter((row) => row.from === row.to).reduce((total, row) => total + row.contacts, 0),
    moves: rows.filter((row) => row.from !== row.to).sort((a, b) => b.contacts - a.contacts),
  }
}

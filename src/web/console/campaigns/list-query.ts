import { and, count, desc, eq, inArray, lt, min, ne, sum } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { campaigns, messages, stepRuns, users } from '../../../db/schema.ts'
import { answersCampaign } from '../../../inbox/answer-step.ts'
import { fold } from '../../../network/folding.ts'
import type { CampaignStatus, MessageClass } from '../../../words.ts'

const pageSize = 25
/** Titles are in several languages, so they are compared here: so many campaigns at a time, and no more in all. */
const readAtOnce = 200
const readAtMost = 2_000

export interface CampaignFilter {
  status?: CampaignStatus
  class?: MessageClass
  /** The beginning of the title in any language, or of a word of it, or of the name. */
  text?: string
  /** The last id of the page before. */
  cursor?: string
}

export interface CampaignListRow {
  id: string
  name: string
  title: Record<string, string>
  status: CampaignStatus
  class: MessageClass
  owner: string | undefined
  steps: number
  stepsDone: number
  /** People some step chose a channel for, summed over the steps. */
  reached: number
  nextAt: Date | undefined
}

/** One page of a network's campaigns, the newest first. UUIDv7 ids sort by creation, so the id is the cursor. */
export async function campaignPage(
  db: Db,
  networkId: string,
  filter: CampaignFilter,
): Promise<{ rows: CampaignListRow[]; next?: string }> {
  const { page, next } = await found(db, networkId, filter)
  const ids = page.map((campaign) => campaign.id)
  const progress = await progressOf(db, networkId, ids)
  const owners = await ownersOf(
    db,
    page.flatMap((campaign) => campaign.ownerId ?? []),
  )
  return {
    rows: page.map((campaign) => ({
      id: campaign.id,
      name: campaign.name,
      title: campaign.title,
      status: campaign.status,
      class: campaign.class,
      owner: campaign.ownerId === null ? undefined : owners.get(campaign.ownerId),
      ...(progress.get(campaign.id) ?? { steps: 0, stepsDone: 0, reached: 0, nextAt: undefined }),
    })),
    next,
  }
}

async function found(db: Db, networkId: string, { status, class: ofClass, text, cursor }: CampaignFilter) {
  const wanted = text === undefined ? '' : fold(text)
  const limit = wanted === '' ? pageSize + 1 : readAtOnce
  const page: (typeof campaigns.$inferSelect)[] = []
  let after = cursor
  for (let read = 0; read < readAtMost; ) {
    const some = await db
      .select()
      .from(campaigns)
      .where(
        and(
          eq(campaigns.networkId, networkId),
          ne(campaigns.name, answersCampaign),
          status ? eq(campaigns.status, status) : undefined,
          ofClass ? eq(campaigns.class, ofClass) : undefined,
          after ? lt(campaigns.id, after) : undefined,
        ),
      )
      .orderBy(desc(campaigns.id))
      .limit(limit)
    for (const campaign of some) {
      if (wanted !== '' && !isCalled(campaign, wanted)) continue
      if (page.length === pageSize) return { page, next: page.at(-1)!.id }
      page.push(campaign)
    }
    read += some.length
    after = some.at(-1)?.id
    if (some.length < limit) return { page, next: undefined }
  }
  return { page, next: after }
}

const isCalled = ({ name, title }: typeof campaigns.$inferSelect, wanted: string): boolean =>
  fold(name).startsWith(wanted) ||
  Object.values(title).some((text) => fold(text).startsWith(wanted) || fold(text).includes(` ${wanted}`))

async function progressOf(db: Db, networkId: string, ids: string[]) {
  const progress = new Map<string, Pick<CampaignListRow, 'steps' | 'stepsDone' | 'reached' | 'nextAt'>>()
  if (ids.length === 0) return progress
  const rows = await db
    .select({
      campaignId: messages.campaignId,
      status: stepRuns.status,
      steps: count(),
      nextAt: min(messages.dueAt),
      reached: sum(stepRuns.reached),
    })
    .from(messages)
    .leftJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(and(eq(messages.networkId, networkId), inArray(messages.campaignId, ids)))
    .groupBy(messages.campaignId, stepRuns.status)
  for (const row of rows) {
    const own = progress.get(row.campaignId) ?? { steps: 0, stepsDone: 0, reached: 0, nextAt: undefined }
    own.steps += row.steps
    own.reached += Number(row.reached ?? 0)
    if (row.status === 'done') own.stepsDone += row.steps
    if ((row.status === null || row.status === 'waiting') && row.nextAt) own.nextAt = row.nextAt
    progress.set(row.campaignId, own)
  }
  return progress
}

/** Users by id, as they are called. */
export async function ownersOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: users.id, name: users.name, email: users.email })
    .from(users)
    .where(inArray(users.id, [...new Set(ids)]))
  return new Map(rows.map((row) => [row.id, row.name || row.email]))
}

/** The campaigns one may start from, the newest first. */
export const campaignsToCopy = (db: Db, networkId: string) =>
  db
    .select({ id: campaigns.id, name: campaigns.name, title: campaigns.title })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, networkId), ne(campaigns.name, answersCampaign)))
    .orderBy(desc(campaigns.id))
    .limit(100)

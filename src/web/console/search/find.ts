import { and, desc, eq, ne } from 'drizzle-orm'
import { can, type Principal, scopeFor } from '../../../accounts/policy.ts'
import type { TemplateCatalog } from '../../../campaign/templates.ts'
import type { Network } from '../../../context.ts'
import type { Db } from '../../../db/index.ts'
import { campaigns } from '../../../db/schema.ts'
import { answersCampaign } from '../../../inbox/answer-step.ts'
import { fold } from '../../../network/folding.ts'
import { findContacts } from '../../../network/list/contacts.ts'
import { findSites } from '../../../network/list/sites.ts'

const mostShown = 8
/** A network has hundreds of campaigns at most; the newest are looked through. */
const mostCampaigns = 500

interface Group<Row> {
  rows: Row[]
  hasMore: boolean
}

type Found<T> = Awaited<T> | undefined

export interface SearchResult {
  /** A group is left out where the user may not read such things. */
  contacts: Found<ReturnType<typeof findContacts>>
  sites: Found<ReturnType<typeof findSites>>
  campaigns: Group<Pick<typeof campaigns.$inferSelect, 'id' | 'name' | 'title' | 'status'>> | undefined
  templates: Group<string> | undefined
}

const cut = <Row>(rows: Row[]): Group<Row> => ({ rows: rows.slice(0, mostShown), hasMore: rows.length > mostShown })

/** True when a word of `text` begins with what was typed, or the whole does; both folded. */
const says = (text: string, typed: string): boolean => ` ${fold(text)}`.includes(` ${typed}`)

/** What a text means in a network, group by group, as far as the user may see each. */
export async function searchAll(
  db: Db,
  network: Network,
  user: Principal,
  text: string,
  templates: TemplateCatalog,
): Promise<SearchResult> {
  const scopeOf = (permission: 'contact.read' | 'site.read') => scopeFor(user, permission, network.id)
  const people = scopeOf('contact.read')
  const places = scopeOf('site.read')
  const typed = fold(text)
  return {
    contacts: people && (await findContacts(db, network, people, text, mostShown)),
    sites: places && (await findSites(db, network.id, places, text, mostShown)),
    campaigns: can(user, 'campaign.read', network.id) ? cut(await campaignsSaying(db, network.id, typed)) : undefined,
    templates: can(user, 'library.read', network.id)
      ? cut([...templates.names].filter((name) => typed !== '' && says(name, typed)).sort())
      : undefined,
  }
}

async function campaignsSaying(db: Db, networkId: string, typed: string) {
  if (typed === '') return []
  const rows = await db
    .select({ id: campaigns.id, name: campaigns.name, title: campaigns.title, status: campaigns.status })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, networkId), ne(campaigns.name, answersCampaign)))
    .orderBy(desc(campaigns.id))
    .limit(mostCampaigns)
  return rows.filter(({ name, title }) => says(name, typed) || Object.values(title).some((one) => says(one, typed)))
}

import { asc, eq, inArray } from 'drizzle-orm'
import { createOwnerSignInLink } from '../src/accounts/owner-link.ts'
import type { Network } from '../src/context.ts'
import type { Db } from '../src/db/index.ts'
import { addresses, contacts, sites } from '../src/db/schema.ts'
import { createSite } from '../src/site.ts'
import type { Figure } from './measure.ts'
import { fannedOut, loaded } from './spine.ts'
import type { Workspace } from './workspace.ts'

/** What a list page costs in a large network beside a network of this size. */
const peer = 400
const publicUrl = 'http://localhost:3000'
const requestsAtOnce = 6

interface Opened {
  space: Workspace
  /** Asks for a page as the owner; throws unless it comes. */
  get(path: string): Promise<string>
}

/** A network with its messages sent out, a few people set aside and a few addresses that came back, signed in to. */
async function opened(people: number): Promise<Opened> {
  const made = await loaded(people)
  await fannedOut(made)
  const { space } = made
  const { context } = space.relais
  await age(context.db, space.network)
  const app = createSite(space.relais)
  const from = { incoming: { socket: { remoteAddress: '127.0.0.1' } } }
  const link = new URL(
    await createOwnerSignInLink({ db: context.db, wall: context.wall, random: context.random, publicUrl }),
  )
  const signedIn = await app.request(
    publicUrl + link.pathname,
    { method: 'POST', headers: { origin: publicUrl, 'content-type': 'application/x-www-form-urlencoded' }, body: '' },
    from,
  )
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  return {
    space,
    get: async (path) => {
      const answer = await app.request(publicUrl + path, { headers: { cookie } }, from)
      const text = await answer.text()
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 500)}`)
      return text
    },
  }
}

/** One in seven is set aside, and one in twelve addresses of each kind is in trouble: even a small network fills a page. */
async function age(db: Db, network: Network): Promise<void> {
  const people = await db
    .select({ id: contacts.id })
    .from(contacts)
    .where(eq(contacts.networkId, network.id))
    .orderBy(asc(contacts.id))
  const aside = people.filter((_, n) => n % 7 === 3).map((one) => one.id)
  const known = await db
    .select({ id: addresses.id, kind: addresses.kind })
    .from(addresses)
    .where(eq(addresses.networkId, network.id))
    .orderBy(asc(addresses.id))
  for (let from = 0; from < aside.length; from += 500)
    await db
      .update(contacts)
      .set({ isActive: false })
      .where(inArray(contacts.id, aside.slice(from, from + 500)))
  for (const [kind, status] of [
    ['email', 'bounced'],
    ['mobile', 'dead'],
    ['postal', 'quarantined'],
  ] as const) {
    const troubled = known
      .filter((one) => one.kind === kind)
      .filter((_, n) => n % 12 === 3)
      .map((one) => one.id)
    for (let from = 0; from < troubled.length; from += 500)
      await db
        .update(addresses)
        .set({ status, statusReason: status })
        .where(inArray(addresses.id, troubled.slice(from, from + 500)))
  }
}

/** Every list of the console, by what it shows; `site` is some site of the network. */
const pagesOf = (site: string): Record<string, string> => ({
  home: '/console',
  contacts: '/console/contacts',
  'contacts, from the end': '/console/contacts?direction=down',
  'contacts by site': '/console/contacts?sort=site',
  'contacts named': '/console/contacts?q=nom2',
  'contacts by first name': '/console/contacts?q=pr%C3%A9nom1',
  'contacts by phone': '/console/contacts?q=06+39+98+0',
  'contacts by e-mail': '/console/contacts?q=p12%40',
  'contacts of a profile': '/console/contacts?profile=owner',
  'contacts of an area': '/console/contacts?area=Occitanie',
  'contacts of a segment': '/console/contacts?segment=tous',
  'contacts reached by SMS': '/console/contacts?channel=sms',
  'contacts set aside': '/console/contacts?state=inactive',
  'contacts of a site': `/console/contacts?site=${site}`,
  sites: '/console/sites',
  'sites by town': '/console/sites?sort=city',
  'sites by area': '/console/sites?sort=area',
  'sites of an area': '/console/sites?area=Occitanie',
  'sites named': '/console/sites?q=maison+1',
  hygiene: '/console/hygiene',
  'hygiene, dead numbers': '/console/hygiene?kind=dead',
  'hygiene, shared mailboxes': '/console/hygiene?kind=shared',
  search: '/console/search?q=nom12',
  'search by phone': '/console/search?q=0639980012',
  outbox: '/console/outbox',
  'outbox of a channel': '/console/outbox?channel=email',
  'outbox of a status': '/console/outbox?status=queued',
  campaigns: '/console/campaigns',
})

export interface ListTime {
  page: string
  /** CPU milliseconds of one page. */
  small: number
  large: number
  /** large ÷ small, the median of the rounds. */
  ratio: number
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

/** The CPU time of every list page with `people` contacts beside 400, both asked in turn. */
export async function listTimes(people: number, rounds: number): Promise<ListTime[]> {
  const small = await opened(peer)
  const large = await opened(people)
  const pagesIn = async ({ space }: Opened) => {
    const [site] = await space.relais.context.db.select({ id: sites.id }).from(sites).orderBy(asc(sites.id)).limit(1)
    return pagesOf(site!.id)
  }
  const [smallPages, largePages] = [await pagesIn(small), await pagesIn(large)]
  const cost = async (side: Opened, path: string) => {
    const before = process.cpuUsage()
    for (let n = 0; n < requestsAtOnce; n++) await side.get(path)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000 / requestsAtOnce
  }
  const times: ListTime[] = []
  for (const [page, smallPath] of Object.entries(smallPages)) {
    const pairs: { small: number; large: number }[] = []
    for (let round = 0; round <= rounds; round++) {
      const pair = { small: await cost(small, smallPath), large: await cost(large, largePages[page]!) }
      if (round > 0) pairs.push(pair)
    }
    times.push({
      page,
      small: median(pairs.map((pair) => pair.small)),
      large: median(pairs.map((pair) => pair.large)),
      ratio: median(pairs.map((pair) => pair.large / pair.small)),
    })
  }
  await small.space.close()
  await large.space.close()
  return times
}

/** A list page may cost this much more in a large network; beyond the second, something reads more than a page. */
export const listGoal = 1.5
export const listCeiling = 2.5

/** All list pages of a large network, against the same pages of one with 400 contacts: the worst of them. */
export async function benchLists(people: number, pairs: number): Promise<Figure> {
  const times = await listTimes(people, pairs)
  for (const { page, small, large, ratio } of times)
    process.stderr.write(`  ${page}: ${small.toFixed(1)} ms → ${large.toFixed(1)} ms, ratio ${ratio.toFixed(2)}\n`)
  const worst = times.reduce((a, b) => (b.ratio > a.ratio ? b : a))
  const perSecond = (ms: number) => Math.round(1_000 / ms)
  return {
    name: 'lists',
    unit: 'pages',
    against: `the same page with ${peer} contacts, the worst of ${times.length}: ${worst.page}`,
    floor: Number((1 / listCeiling).toFixed(2)),
    goal: Number((1 / listGoal).toFixed(2)),
    value: perSecond(worst.large),
    ceiling: perSecond(worst.small),
    ratio: Number((1 / worst.ratio).toFixed(2)),
    wall: perSecond(worst.large),
  }
}

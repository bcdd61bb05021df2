import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import type { Challenge } from '../../challenge/challenge.ts'
import { challengesOf, findChallenge } from '../../challenge/challenge.ts'
import { actAtDesk, type DeskOutcome, deskForm } from '../../challenge/desk/act.ts'
import { deskOf } from '../../challenge/desk/desk.ts'
import { largestEvidence } from '../../challenge/desk/evidence.ts'
import { partnerSelf } from '../../challenge/desk/partner.ts'
import type { Subject } from '../../challenge/participants.ts'
import { businessNow } from '../../clock.ts'
import { upload } from '../../http/body.ts'
import type { PageContext, PageHandler } from '../../http/page-env.ts'
import { listArticles } from '../../intranet/articles.ts'
import { challengeOf } from '../challenge/locate.ts'
import { networkOf } from '../console/locate.ts'
import { anId, type House, idOf, optional, parsed } from '../house.ts'
import { inNetwork } from '../in-network.ts'
import { sendPage } from '../view.ts'
import { PartnerArticlesPage } from './articles.tsx'
import { PartnerChallengePage, PartnerChallengesPage } from './pages.tsx'

const articlesShown = 20
const articlesQuery = z.object({ cursor: optional(anId) })

const formLimit = largestEvidence + 64 * 1024

/** What a partner who signs in sees: their challenges, for themselves and for their outlets. */
export function partnerPortalRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps

  const selfOf = (c: PageContext) => partnerSelf(db, c.get('network').id, c.get('user'), c.get('scope'))
  type Self = Awaited<ReturnType<typeof selfOf>>

  /** Oneself, then the outlets: whom one may act for in a challenge, by what forms call them. */
  const subjectsOf = ({ contactId, sites }: Self, { rules }: Challenge): Map<string, Subject> => {
    const subjects = new Map<string, Subject>()
    if (contactId !== undefined && rules.participants.people) subjects.set('me', { contactId })
    if (rules.participants.companies) for (const { id } of sites) subjects.set(id, { siteId: id })
    return subjects
  }

  const list: PageHandler = async (c) => {
    const page = await view(c)
    const self = await selfOf(c)
    const running = await challengesOf(db, c.get('network').id)
    const mine = running.filter((challenge) => subjectsOf(self, challenge).size > 0)
    return sendPage(c, <PartnerChallengesPage view={page} challenges={mine} />)
  }

  const challengeHere = async (c: PageContext): Promise<Challenge> => {
    const challenge = await findChallenge(db, c.get('network').id, idOf(c))
    if (!challenge) throw new HTTPException(404)
    return challenge
  }

  const show = async (c: PageContext, as: string | undefined, outcome?: DeskOutcome) => {
    const page = await view(c)
    const network = c.get('network')
    const challenge = await challengeHere(c)
    const self = await selfOf(c)
    const subjects = subjectsOf(self, challenge)
    const chosen = as !== undefined && subjects.has(as) ? as : [...subjects.keys()][0]
    if (chosen === undefined) throw new HTTPException(404)
    const now = businessNow(wall.now(), network)
    const desk = await deskOf(db, challenge, subjects.get(chosen)!, page.language, 'portal', now)
    if (!desk) throw new HTTPException(404)
    const others = [...subjects.keys()].map((key) => ({
      key,
      name: key === 'me' ? c.get('user').name : (self.sites.find(({ id }) => id === key)?.name ?? key),
      url: inNetwork(page, `/p/challenges/${challenge.id}?as=${encodeURIComponent(key)}`),
    }))
    return sendPage(
      c,
      <PartnerChallengePage view={page} desk={desk} chosen={chosen} others={others} outcome={outcome} />,
      outcome?.is === 'refused' ? 422 : 200,
    )
  }

  const look: PageHandler = async (c) => show(c, c.req.query('as'))

  const act: PageHandler = async (c) => {
    const given = await c.req.parseBody()
    const form = parsed(deskForm, given)
    const challenge = await challengeHere(c)
    const as = typeof given.as === 'string' ? given.as : 'me'
    const subject = subjectsOf(await selfOf(c), challenge).get(as)
    // Neither themselves nor an outlet of theirs.
    if (!subject) throw new HTTPException(404)
    const network = c.get('network')
    const at = businessNow(wall.now(), network)
    const by = `user:${c.get('user').id}`
    const acting = { networkId: network.id, challengeId: challenge.id, subject, way: 'portal' as const, by, at }
    return show(c, as, await actAtDesk(db, acting, form, given.evidence))
  }

  const articles: PageHandler = async (c) => {
    const { cursor } = parsed(articlesQuery, c.req.query())
    const shown = await listArticles(db, c.get('network').id, {
      limit: articlesShown,
      ...(cursor ? { cursor } : {}),
    })
    return sendPage(c, <PartnerArticlesPage view={await view(c)} {...shown} />)
  }

  app.get('/p/articles', may('partner.read', networkOf(db)), articles)
  app.get('/p', may('partner.read', networkOf(db)), list)
  app.get('/p/challenges/:id', may('partner.read', challengeOf(db)), look)
  app.post('/p/challenges/:id', may('partner.read', challengeOf(db)), upload(formLimit), act)
}

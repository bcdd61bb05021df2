import { and, asc, eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { type AuditFact, audit } from '../../../accounts/audit.ts'
import { findDrop } from '../../../challenge/active.ts'
import { type Challenge, findChallenge } from '../../../challenge/challenge.ts'
import { hidesRankings } from '../../../challenge/merge-fields.ts'
import { pageOf, rankedBy, topOf } from '../../../challenge/ranking/board.ts'
import {
  answerClaim,
  approveWinners,
  boardsOf,
  type ClosingRefusal,
  closingOf,
  closingRefusals,
  leaguesOf,
  publishProvisional,
} from '../../../challenge/winners/closing.ts'
import {
  addWinnerPicture,
  grantImage,
  imageConsentOf,
  picturesOf,
  publishPicture,
  withdrawImage,
} from '../../../challenge/winners/image.ts'
import { businessNow } from '../../../clock.ts'
import { boards } from '../../../db/schema/standing.ts'
import { challengeParticipants, contacts, sites, winnerClaims, winners } from '../../../db/schema.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { findCampaign } from '../campaigns/queries.ts'
import { campaignOf } from '../locate.ts'
import { listAddress } from '../network/list-address.ts'
import { ChallengeFrame, titleOf } from './challenge-tabs.tsx'
import { RankingPage } from './ranking-page.tsx'
import { rewardRoutes } from './reward-routes.tsx'
import { simulationRoutes } from './simulation-routes.tsx'
import { type NamedWinner, WinnersPage } from './winners-page.tsx'

const rankingQuery = z.object({
  board: optional(z.enum(boards)),
  by: optional(z.enum(rankedBy)),
  league: optional(z.coerce.number().int().min(0).max(10_000)),
  cursor: optional(z.coerce.number().int().min(0).max(10_000_000)),
})
const winnersQuery = z.object({ refused: optional(z.enum(closingRefusals)) })
const imageForm = z.object({
  contact: anId,
  do: z.enum(['grant', 'withdraw', 'add', 'publish']),
  signedName: optional(z.string().max(200)),
  url: optional(z.string().max(500)),
  picture: optional(anId),
})
const pageSize = 50
const onMap = 12

/** Rankings, winners, prizes and simulations of challenges. */
export function rankingRoutes(house: House): void {
  const {
    app,
    deps: { db, wall },
    view,
    guards: { may },
  } = house

  const asked = async (c: PageContext) => {
    const network = c.get('network')
    const campaign = await findCampaign(db, network.id, idOf(c))
    if (!campaign) throw new HTTPException(404)
    const challenge = await findChallenge(db, network.id, campaign.id)
    return { network, campaign, challenge, now: businessNow(wall.now(), network) }
  }
  const needed = async (c: PageContext) => {
    const found = await asked(c)
    if (!found.challenge) throw new HTTPException(404)
    return { ...found, challenge: found.challenge }
  }
  const note = (c: PageContext, action: AuditFact['action'], subject: string, data: AuditFact['data'] = {}) =>
    db.transaction((tx) =>
      audit(tx, { networkId: c.get('network').id, actor: c.get('user').id, action, subject, data, at: wall.now() }),
    )

  const without = async (c: PageContext, tab: 'ranking' | 'winners') => {
    const { campaign } = await asked(c)
    const drawn = await view(c)
    const title = drawn.t(`${tab}.of`, { campaign: titleOf(drawn, campaign) })
    return sendPage(c, <ChallengeFrame view={drawn} campaign={campaign} title={title} lead={drawn.t('ranking.none')} />)
  }

  const ranking: PageHandler = async (c) => {
    const { network, campaign, challenge, now } = await asked(c)
    if (!challenge) return without(c, 'ranking')
    const query = parsed(rankingQuery, c.req.query())
    const possible = boardsOf(challenge)
    const board = query.board && possible.includes(query.board) ? query.board : possible[0]!
    const leagues = await leaguesOf(db, challenge, board)
    const league = query.league !== undefined && leagues.includes(query.league) ? query.league : leagues[0]!
    const list = { networkId: network.id, challengeId: challenge.id, board, league, by: query.by ?? 'points' } as const
    const { rows, next } = await pageOf(db, list, query.cursor ?? 0, pageSize)
    const drawn = await view(c)
    const url = listAddress(drawn, `/console/campaigns/${campaign.id}/ranking`, {
      ...{ board: query.board, by: query.by, league: query.league === undefined ? undefined : String(query.league) },
    })
    return sendPage(
      c,
      <RankingPage
        view={drawn}
        campaign={campaign}
        challenge={challenge}
        list={list}
        boards={possible}
        leagues={leagues}
        rows={rows}
        travellers={await topOf(db, { ...list, by: 'progress' }, onMap)}
        next={next}
        isContinued={query.cursor !== undefined}
        isHidden={await hidesRankings(db, challenge, now)}
        drop={await findDrop(db, network, challenge, now)}
        url={url}
      />,
    )
  }

  const nameOf = async (networkId: string, contactId: string): Promise<string> => {
    const [row] = await db
      .select({ firstName: contacts.firstName, lastName: contacts.lastName })
      .from(contacts)
      .where(and(eq(contacts.networkId, networkId), eq(contacts.id, contactId)))
    return [row?.firstName, row?.lastName].filter(Boolean).join(' ')
  }

  async function namedWinners(challenge: Challenge): Promise<NamedWinner[]> {
    const { networkId, id: challengeId } = challenge
    const rows = await db
      .select({ winner: winners, shownAs: challengeParticipants.shownAs, site: sites.name })
      .from(winners)
      .leftJoin(
        challengeParticipants,
        and(eq(challengeParticipants.networkId, winners.networkId), eq(challengeParticipants.id, winners.subjectKey)),
      )
      .leftJoin(
        sites,
        and(eq(sites.networkId, challengeParticipants.networkId), eq(sites.id, challengeParticipants.siteId)),
      )
      .where(and(eq(winners.networkId, networkId), eq(winners.challengeId, challengeId)))
      .orderBy(asc(winners.board), asc(winners.by), asc(winners.league), asc(winners.place))
    const named: NamedWinner[] = []
    for (const { winner, shownAs, site } of rows) {
      const { contactId } = winner
      const own = contactId ? await nameOf(networkId, contactId) : ''
      named.push({
        ...winner,
        name: shownAs ?? (own || (winner.board === 'team' ? winner.subjectKey : (site ?? winner.subjectKey))),
        consent: contactId ? await imageConsentOf(db, { networkId, challengeId, contactId }) : undefined,
      })
    }
    return named
  }

  async function showWinners(c: PageContext, problems?: Problems) {
    const { network, campaign, challenge } = await asked(c)
    if (!challenge) return without(c, 'winners')
    const claims = await db
      .select()
      .from(winnerClaims)
      .where(and(eq(winnerClaims.networkId, network.id), eq(winnerClaims.challengeId, challenge.id)))
      .orderBy(asc(winnerClaims.raisedAt))
      .limit(200)
    const pictures = await picturesOf(db, network.id, challenge.id)
    return sendPage(
      c,
      <WinnersPage
        view={await view(c)}
        campaign={campaign}
        challenge={challenge}
        closing={await closingOf(db, network.id, challenge.id)}
        winners={await namedWinners(challenge)}
        claims={
          await Promise.all(
            claims.map(async (claim) => ({ ...claim, name: await nameOf(network.id, claim.contactId) })),
          )
        }
        pictures={
          await Promise.all(
            pictures.map(async (picture) => ({ ...picture, name: await nameOf(network.id, picture.contactId) })),
          )
        }
        refused={parsed(winnersQuery, c.req.query()).refused}
        problems={problems}
      />,
      problems ? 422 : 200,
    )
  }

  const back = (c: PageContext, refused?: ClosingRefusal) =>
    c.redirect(`/console/campaigns/${idOf(c)}/winners${refused ? `?refused=${refused}` : ''}`, 303)

  const provisional: PageHandler = async (c) => {
    const { network, challenge, now } = await needed(c)
    const by = c.get('user').id
    const done = await db.transaction((tx) => publishProvisional(tx, network, challenge, by, now))
    if (done.outcome === 'refused') return back(c, done.code)
    await note(c, 'challenge.provisional', challenge.id)
    return back(c)
  }

  const approve: PageHandler = async (c) => {
    const { challenge, now } = await needed(c)
    const done = await db.transaction((tx) => approveWinners(tx, challenge, c.get('user').id, now))
    if (done.outcome === 'refused') return back(c, done.code)
    await note(c, 'challenge.approve_winners', challenge.id)
    return back(c)
  }

  const answer: PageHandler = async (c) => {
    const { network, now } = await needed(c)
    const form = await c.req.parseBody()
    const { claim, status } = parsed(z.object({ claim: anId, status: z.enum(['upheld', 'rejected']) }), form)
    const text = form[`answer-${claim}`]
    const said = {
      status,
      answer: typeof text === 'string' ? text.trim().slice(0, 1000) : '',
      by: c.get('user').id,
      now,
    }
    if (await answerClaim(db, network.id, claim, said)) await note(c, 'challenge.answer_claim', claim, { status })
    return back(c)
  }

  const image: PageHandler = async (c) => {
    const { network, challenge, now } = await needed(c)
    const form = parsed(imageForm, await c.req.parseBody())
    const person = { networkId: network.id, challengeId: challenge.id, contactId: form.contact }
    const { t } = await view(c)
    const said = { source: 'paper', by: c.get('user').id, at: now } as const
    if (form.do === 'grant') {
      const isTheirs = await grantImage(db, person, { ...said, signedName: form.signedName ?? '' })
      if (!isTheirs) return showWinners(c, { signedName: t('winners.wrongName') })
      await note(c, 'image.consent', form.contact)
    } else if (form.do === 'withdraw') {
      await db.transaction((tx) => withdrawImage(tx, person, said))
      await note(c, 'image.withdraw', form.contact)
    } else if (form.do === 'add') {
      if (!/^https:\/\/[^\s]+$/.test(form.url ?? '')) return showWinners(c, { url: t('winners.badUrl') })
      await addWinnerPicture(db, person, { kind: 'film', url: form.url!, caption: {} }, now)
    } else {
      if (!form.picture || !(await publishPicture(db, network.id, form.picture, now)))
        return showWinners(c, { form: t('winners.blocked') })
      await note(c, 'image.publish', form.picture)
    }
    return back(c)
  }

  app.get('/console/campaigns/:id/ranking', may('campaign.read', campaignOf(db)), ranking)
  app.get('/console/campaigns/:id/winners', may('campaign.read', campaignOf(db)), (c) => showWinners(c))
  app.post('/console/campaigns/:id/winners/provisional', may('campaign.control', campaignOf(db)), provisional)
  app.post('/console/campaigns/:id/winners/approve', may('campaign.approve', campaignOf(db)), approve)
  app.post('/console/campaigns/:id/winners/claim', may('campaign.control', campaignOf(db)), answer)
  app.post('/console/campaigns/:id/winners/image', may('campaign.control', campaignOf(db)), image)
  rewardRoutes(house)
  simulationRoutes(house)
}

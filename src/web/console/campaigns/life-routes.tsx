import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { can } from '../../../accounts/policy.ts'
import { askApproval, latestApproval, vote, votesOf } from '../../../approval/approve.ts'
import { possibleApprovers } from '../../../approval/approvers.ts'
import { differenceOf } from '../../../approval/difference.ts'
import { itemsOfProof, makeProof, proofJobId, proofsOf, textsOfStep } from '../../../approval/proof.ts'
import { ApprovalRefused } from '../../../approval/refused.ts'
import { renderProof } from '../../../approval/render-proof.ts'
import { launchRulesOf, needsApproval } from '../../../approval/rules.ts'
import { seedsOf } from '../../../approval/seeds.ts'
import { stepsShown } from '../../../approval/shown-steps.ts'
import { readSnapshot, type Snapshot, snapshotOf } from '../../../approval/snapshot.ts'
import { readPeople } from '../../../audience/people.ts'
import { audienceSize } from '../../../audience/size.ts'
import { checklistOf, domainOfCampaign, linksOfCampaign } from '../../../campaign/checklist/checklist.ts'
import { checkDomain, type TextLookup, theNames } from '../../../campaign/checklist/domain.ts'
import { checkLinks, type LinkReach, theWeb } from '../../../campaign/checklist/links.ts'
import type { CampaignDefinition } from '../../../campaign/definition.ts'
import { type Draft, findDraft } from '../../../campaign/drafts.ts'
import { UndoRefused, undoLaunch } from '../../../campaign/hold.ts'
import { businessNow } from '../../../clock.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { runOneJob } from '../../../job/run.ts'
import { picturesForPrint } from '../../../library/print-pictures.ts'
import { languages } from '../../../words.ts'
import { type House, idOf, parsed } from '../../house.ts'
import { inLanguage, sendPage } from '../../view.ts'
import { campaignOf } from '../locate.ts'
import { ApprovalPage } from './approval-page.tsx'
import { ChecklistPage } from './checklist-page.tsx'
import type { readsCampaigns } from './dry-run-routes.tsx'
import { type LetterLink, ProofPage } from './proof-page.tsx'

/** A small proof is sent before its page comes back; a larger one goes on behind it (wall time). */
const waitMs = 2_000

const letterQuery = z.object({
  step: z.string().max(100),
  language: z.enum(languages),
  sample: z.coerce.number().int().min(0).max(50),
})

/** Between the draft and the launch: proof, approval and checks; and the way back while a launch is held. */
export function lifeRoutes(
  { app, deps, view, guards: { may } }: House,
  { readable, planOf }: ReturnType<typeof readsCampaigns>,
  reach: LinkReach = theWeb,
  names: TextLookup = theNames,
): void {
  const { db, context, wall } = deps
  const nowIn = (c: PageContext) => businessNow(wall.now(), c.get('network'))
  const at = (c: PageContext, rest = '', said?: string) =>
    c.redirect(`/console/campaigns/${idOf(c)}${rest}${said ? `?said=${said}` : ''}`, 303)

  async function draftOf(
    c: PageContext,
  ): Promise<{ draft: Draft; snapshot: Snapshot; campaign: CampaignDefinition } | undefined> {
    const network = c.get('network')
    const draft = await findDraft(db, network.id, idOf(c))
    if (!draft) return undefined
    const read = await snapshotOf(context, network, draft, nowIn(c))
    return read.problems ? undefined : { draft, ...read }
  }

  /** What a press came to, from the address: a word of ours, or the code of a refusal. */
  async function saidOf(c: PageContext) {
    const { t } = await view(c)
    const said = c.req.query('said')
    if (said === 'made') return { tone: 'good' as const, text: t('life.proof.made') }
    if (said === 'already') return { tone: 'warning' as const, text: t('life.proof.already') }
    if (said === 'asked') return { tone: 'good' as const, text: t('life.approval.doneAsked') }
    if (said === 'voted') return { tone: 'good' as const, text: t('life.approval.doneVoted') }
    if (said === 'missing') return { tone: 'bad' as const, text: t('life.approval.missing') }
    const code = refusals.find((known) => known === said)
    return code && { tone: 'bad' as const, text: t(`life.refused.${code}`) }
  }

  const undo: PageHandler = async (c) => {
    try {
      await undoLaunch(context, c.get('network'), { campaignId: idOf(c), actor: c.get('user').id }, nowIn(c))
      return at(c, '', 'undone')
    } catch (error) {
      if (!(error instanceof UndoRefused)) throw error
      if (error.code === 'unknown') throw new HTTPException(404)
      return at(c, '', 'late')
    }
  }

  const proof: PageHandler = async (c) => {
    const network = c.get('network')
    const read = await draftOf(c)
    if (!read) return at(c)
    const { draft, snapshot, campaign } = read
    const all = await proofsOf(db, network.id, draft.campaignId)
    const shown = all.find((one) => one.hash === snapshot.hash) ?? all.at(-1)
    const isCurrent = shown?.hash === snapshot.hash
    const items = shown ? await itemsOfProof(db, network.id, shown.id) : []
    if (items.some((item) => item.status === 'queued' || item.status === 'sending')) c.header('refresh', '2')
    const found = await readPeople(db, network.id, shown?.samples.map((one) => one.contactId) ?? [])
    const people = (shown?.samples ?? []).map(({ contactId }) => {
      const person = found.find(({ contact }) => contact.id === contactId)
      return (
        person && ([person.contact.firstName, person.contact.lastName].filter(Boolean).join(' ') || person.site.name)
      )
    })
    const letters: LetterLink[] = isCurrent
      ? stepsShown(campaign).flatMap(({ key, step }) =>
          textsOfStep(snapshot.words, step)
            .filter((text) => text.channel === 'print')
            .flatMap(({ language }) => people.slice(0, 3).map((_, sample) => ({ step: key, language, sample }))),
        )
      : []
    const drawn = await view(c)
    return sendPage(
      c,
      <ProofPage
        view={drawn}
        campaignId={draft.campaignId}
        title={inLanguage(draft.title, drawn.language, draft.name)}
        seen={draft.hash}
        proof={shown}
        isCurrent={isCurrent}
        items={items}
        people={people}
        letters={letters}
        seeds={await seedsOf(db, network.id)}
        said={await saidOf(c)}
      />,
    )
  }

  const makeOne: PageHandler = async (c) => {
    const network = c.get('network')
    const form = await c.req.parseBody()
    try {
      const made = await makeProof(
        context,
        network,
        { campaignId: idOf(c), seen: String(form.seen ?? '') },
        c.get('user').id,
        nowIn(c),
      )
      const startedAt = wall.now().getTime()
      const job = { networkId: network.id, id: proofJobId(made.proofId) }
      await runOneJob(context, job, () => wall.now().getTime() - startedAt > waitMs)
      return at(c, '/proof', made.isNew ? 'made' : 'already')
    } catch (error) {
      if (!(error instanceof ApprovalRefused)) throw error
      return error.code === 'unknown' ? at(c) : at(c, '/proof', error.code)
    }
  }

  const letter: PageHandler = async (c) => {
    const network = c.get('network')
    const { step: name, language, sample } = parsed(letterQuery, c.req.query())
    const read = await draftOf(c)
    if (!read) return at(c)
    const shown = (await proofsOf(db, network.id, read.draft.campaignId)).find((one) => one.hash === read.snapshot.hash)
    const step = stepsShown(read.campaign).find((one) => one.key === name)?.step
    const text =
      step && textsOfStep(read.snapshot.words, step).find((one) => one.channel === 'print' && one.language === language)
    const contactId = shown?.samples[sample]?.contactId
    const [person] = contactId ? await readPeople(db, network.id, [contactId]) : []
    // Changed since, or gone: the proof's own page says so.
    if (!step || !text || !person) return at(c, '/proof')
    const { content } = await renderProof(
      context,
      db,
      network,
      { campaignId: read.draft.campaignId, campaign: read.campaign, step, text, person },
      nowIn(c),
    )
    if (content.channel !== 'print') throw new HTTPException(404)
    const bytes = await context.composer.letterPdf(
      { pieceId: `BAT ${step.name}`, content, language, contentSha256: text.hash },
      nowIn(c),
      picturesForPrint(db),
    )
    return c.body(new Uint8Array(bytes).buffer, 200, {
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="bat-${read.draft.name}-${step.name}-${language}-${sample + 1}.pdf"`,
      'cache-control': 'no-store',
    })
  }

  const approval: PageHandler = async (c) => {
    const network = c.get('network')
    const read = await draftOf(c)
    if (!read) return at(c)
    const { draft, snapshot, campaign } = read
    const newest = await latestApproval(db, network.id, draft.campaignId)
    const all = await proofsOf(db, network.id, draft.campaignId)
    // What somebody looked at before this very text: an approval where there is one, else a proof.
    const before = [
      ...(newest && newest.hash !== snapshot.hash
        ? [{ what: 'approval' as const, at: newest.askedAt, hash: newest.hash }]
        : []),
      ...all
        .filter((one) => one.hash !== snapshot.hash)
        .map((one) => ({ what: 'proof' as const, at: one.createdAt, hash: one.hash })),
    ].sort((a, b) => b.at.getTime() - a.at.getTime())[0]
    const kept = before && (await readSnapshot(db, network.id, draft.campaignId, before.hash))
    const drawn = await view(c)
    const people = await audienceSize(context, network, campaign.audience, nowIn(c))
    return sendPage(
      c,
      <ApprovalPage
        view={drawn}
        campaignId={draft.campaignId}
        title={inLanguage(draft.title, drawn.language, draft.name)}
        seen={draft.hash}
        hash={snapshot.hash}
        isRequired={needsApproval(launchRulesOf(network.settings), campaign, people)}
        isProved={all.some((one) => one.hash === snapshot.hash)}
        approval={newest}
        votes={newest ? await votesOf(db, network.id, newest.id) : []}
        names={new Map((await possibleApprovers(db, network.id)).map((user) => [user.id, user.name]))}
        since={
          before && kept
            ? { ...before, difference: differenceOf(kept, snapshot, context.templates.layouts) }
            : undefined
        }
        source={draft.text}
        said={await saidOf(c)}
      />,
    )
  }

  const ask: PageHandler = async (c) => {
    const form = await c.req.parseBody()
    const asked = { campaignId: idOf(c), seen: String(form.seen ?? '') }
    try {
      await askApproval(context, c.get('network'), asked, c.get('user').id, nowIn(c))
      return at(c, '/approval', 'asked')
    } catch (error) {
      if (!(error instanceof ApprovalRefused)) throw error
      return error.code === 'unknown' ? at(c) : at(c, '/approval', error.code)
    }
  }

  const say: PageHandler = async (c) => {
    const form = await c.req.parseBody()
    const said = {
      campaignId: idOf(c),
      hash: String(form.hash ?? ''),
      verdict: form.verdict === 'approve' ? ('approve' as const) : ('send_back' as const),
      comment: String(form.comment ?? '').slice(0, 1_000),
    }
    try {
      await vote(context, c.get('network'), said, c.get('user').id, nowIn(c))
      return at(c, '/approval', 'voted')
    } catch (error) {
      if (!(error instanceof ApprovalRefused)) throw error
      return error.code === 'unknown' ? at(c) : at(c, '/approval', error.code)
    }
  }

  const checklist: PageHandler = async (c) => {
    const network = c.get('network')
    const campaign = await readable(c)
    const draft = await findDraft(db, network.id, idOf(c))
    if (!campaign?.isDraft || !draft) return at(c)
    const plan = await planOf(network, campaign)
    if (!plan) c.header('refresh', '2')
    const checking = plan && { campaignId: campaign.id, campaign: campaign.definition, text: draft.text, plan }
    return sendPage(
      c,
      <ChecklistPage
        view={await view(c)}
        campaignId={campaign.id}
        title={campaign.title}
        items={checking && (await checklistOf(context, network, checking, nowIn(c)))}
        mayTry={can(c.get('user'), 'campaign.write', network.id)}
      />,
    )
  }

  const tryLinks: PageHandler = async (c) => {
    const network = c.get('network')
    const campaign = await readable(c)
    if (campaign?.isDraft) {
      await checkLinks(db, network.id, await linksOfCampaign(context, network, campaign.definition), reach, wall.now())
      const domain = await domainOfCampaign(context, network, campaign.definition)
      if (domain && network.mode === 'live') await checkDomain(db, network.id, domain, names, wall.now())
    }
    return at(c, '/checklist')
  }

  app.post('/console/campaigns/:id/undo', may('campaign.launch', campaignOf(db)), undo)
  app.get('/console/campaigns/:id/proof', may('campaign.approve', campaignOf(db)), proof)
  app.post('/console/campaigns/:id/proof', may('campaign.write', campaignOf(db)), makeOne)
  app.get('/console/campaigns/:id/proof/letter', may('campaign.approve', campaignOf(db)), letter)
  app.get('/console/campaigns/:id/approval', may('campaign.read', campaignOf(db)), approval)
  app.post('/console/campaigns/:id/approval', may('campaign.write', campaignOf(db)), ask)
  app.post('/console/campaigns/:id/approval/vote', may('campaign.approve', campaignOf(db)), say)
  app.get('/console/campaigns/:id/checklist', may('campaign.read', campaignOf(db)), checklist)
  app.post('/console/campaigns/:id/checklist/links', may('campaign.write', campaignOf(db)), tryLinks)
}

const refusals = [
  'unknown',
  'moved',
  'problems',
  'proof_missing',
  'not_asked',
  'not_named',
  'own_campaign',
  'decided',
  'changed',
  'comment_missing',
  'no_seed',
  'halted',
] as const

import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { admitApproved } from '../approval/admit.ts'
import { askApproval, latestApproval, vote, votesOf } from '../approval/approve.ts'
import { itemsOfProof, makeProof, proofsOf } from '../approval/proof.ts'
import { holdMsOf, launchRulesOf, needsApproval } from '../approval/rules.ts'
import { audienceSize } from '../audience/size.ts'
import { checklistOf } from '../campaign/checklist/checklist.ts'
import { checkCodes, checkStates } from '../campaign/checklist/item.ts'
import { cancelCampaign, cancelStep, pauseCampaign, resumeCampaign } from '../campaign/control.ts'
import { checkText, discardDraft, findDraft, launchDraft } from '../campaign/drafts.ts'
import { undoLaunch } from '../campaign/hold.ts'
import { readCampaign } from '../campaign/launch.ts'
import { planCampaign } from '../campaign/plan.ts'
import type { Context, Network } from '../context.ts'
import { campaigns } from '../db/schema.ts'
import { closeCampaign } from '../sequence/close.ts'
import { channelNames, languages } from '../words.ts'
import { campaignGround, campaignPath, conflict, refusing } from './campaign-ground.ts'
import { campaignShape, findCampaigns } from './campaigns.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { doing, showing } from './operation.ts'
import { anId, instant } from './shapes.ts'

const nothing = z.strictObject({}).openapi('Nothing')
const reason = z.string().trim().min(1).max(300).optional().openapi({ description: 'Kept with the campaign.' })
const seen = z.string().max(64).openapi({ description: 'The hash of the draft as you read it, see its proof.' })

const proofShape = z
  .object({
    id: anId,
    hash: z.string().openapi({ description: 'Of the text and the words it shows.' }),
    createdAt: instant,
    items: z.array(
      z.object({
        step: z.string(),
        channel: z.enum(channelNames),
        language: z.enum(languages),
        status: z.enum(['queued', 'sending', 'sent', 'refused', 'unknown']),
        reason: z.string().nullable(),
      }),
    ),
  })
  .openapi('CampaignProof')

const approvalShape = z
  .object({
    isRequired: z.boolean().openapi({ description: 'Whether it has to be approved before it is launched.' }),
    draftHash: z.string().openapi({ description: 'Of the draft as it stands: what `seen` has to say.' }),
    approval: z
      .object({
        id: anId,
        hash: z.string(),
        status: z.enum(['asked', 'approved', 'sent_back', 'void']),
        needed: z.number().int(),
        askedAt: instant,
        dueAt: instant,
        votes: z.array(z.object({ user: anId, verdict: z.enum(['approve', 'send_back']), comment: z.string() })),
      })
      .nullable(),
  })
  .openapi('CampaignApproval')

const checklistShape = z
  .object({
    items: z.array(
      z.object({
        code: z.enum(checkCodes),
        state: z.enum(checkStates),
        params: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    ),
  })
  .openapi('CampaignChecklist')

/** From the draft to its end: proof, approval, checks, launch, undo, pause, resume, close, cancel. */
export function campaignLifeOperations(
  api: OpenAPIHono<ApiEnv>,
  mayCall: ReturnType<typeof apiGuard>,
  context: Context,
): void {
  const { db } = context
  const { afterGuard: then, place, now } = campaignGround(context)
  async function shown(network: Network, id: string) {
    const [found] = await findCampaigns(db, network.id, eq(campaigns.id, id), 1)
    if (!found) throw new HTTPException(404)
    return found
  }
  async function draftOf(network: Network, id: string) {
    const draft = await findDraft(db, network.id, id)
    if (!draft) throw conflict('wrong-state', 'This campaign is no draft.')
    return draft
  }
  /** Does one thing to a campaign and answers with the campaign as it stands after. */
  async function changed(network: Network, id: string, work: () => Promise<unknown>) {
    await refusing(work)
    return shown(network, id)
  }

  api.openapi(
    doing(`${campaignPath}/proof`, mayCall('campaign.write', place), then, {
      operationId: 'proveCampaign',
      summary: 'Sends the draft’s messages to the test addresses of the network, once for the same text',
      body: z.strictObject({ seen: seen.optional() }).openapi('ProveCampaign'),
      answer: z.object({ proofId: anId, isNew: z.boolean(), messages: z.number().int() }).openapi('CampaignProved'),
    }),
    async (c) => {
      const network = c.get('network')
      const { id } = c.req.valid('param')
      const asked = { campaignId: id, seen: c.req.valid('json').seen ?? (await draftOf(network, id)).hash }
      return c.json(await refusing(() => makeProof(context, network, asked, c.get('caller'), now(network))), 200)
    },
  )

  api.openapi(
    showing(`${campaignPath}/proof`, mayCall('campaign.read', place), {
      operationId: 'getCampaignProof',
      summary: 'The newest proof of a campaign and what became of each test message',
      answer: proofShape,
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const proof = (await proofsOf(db, c.get('network').id, id)).at(-1)
      if (!proof) throw new HTTPException(404)
      const items = await itemsOfProof(db, c.get('network').id, proof.id)
      return c.json(
        {
          ...{ id: proof.id, hash: proof.hash, createdAt: proof.createdAt.toISOString() },
          items: items.map(({ step, channel, language, status, reason: why }) => ({
            ...{ step, channel, language, status, reason: why },
          })),
        },
        200,
      )
    },
  )

  api.openapi(
    doing(`${campaignPath}/approval`, mayCall('campaign.write', place), then, {
      operationId: 'askCampaignApproval',
      summary: 'Asks those who may approve for the approval of a draft that was proved',
      body: z.strictObject({ seen: seen.optional() }).openapi('AskCampaignApproval'),
      answer: z.object({ approvalId: anId, isNew: z.boolean() }).openapi('CampaignApprovalAsked'),
    }),
    async (c) => {
      const network = c.get('network')
      const { id } = c.req.valid('param')
      const asked = { campaignId: id, seen: c.req.valid('json').seen ?? (await draftOf(network, id)).hash }
      return c.json(await refusing(() => askApproval(context, network, asked, c.get('caller'), now(network))), 200)
    },
  )

  api.openapi(
    showing(`${campaignPath}/approval`, mayCall('campaign.read', place), {
      operationId: 'getCampaignApproval',
      summary: 'Whether a draft needs an approval, and how far it has come',
      answer: approvalShape,
    }),
    async (c) => {
      const network = c.get('network')
      const draft = await draftOf(network, c.req.valid('param').id)
      const read = await checkText(context, network, { file: draft.name, text: draft.text }, now(network))
      const people = read.problems ? 0 : await audienceSize(context, network, read.campaign.audience, now(network))
      const newest = await latestApproval(db, network.id, draft.campaignId)
      return c.json(
        {
          isRequired: !read.problems && needsApproval(launchRulesOf(network.settings), read.campaign, people),
          draftHash: draft.hash,
          approval: newest
            ? {
                ...{ id: newest.id, hash: newest.hash, status: newest.status, needed: newest.needed },
                askedAt: newest.askedAt.toISOString(),
                dueAt: newest.dueAt.toISOString(),
                votes: (await votesOf(db, network.id, newest.id)).map(({ userId, verdict, comment }) => ({
                  ...{ user: userId, verdict, comment },
                })),
              }
            : null,
        },
        200,
      )
    },
  )

  api.openapi(
    doing(`${campaignPath}/votes`, mayCall('campaign.approve', place), then, {
      operationId: 'voteOnCampaign',
      summary: 'Approves a campaign or sends it back, as the person who is signed in: a key is nobody',
      body: z
        .strictObject({
          hash: z.string().max(64).openapi({ description: 'Of what was read: the approval’s hash.' }),
          verdict: z.enum(['approve', 'send_back']),
          comment: z.string().max(1_000).optional().openapi({ description: 'Needed to send it back.' }),
        })
        .openapi('CampaignVote'),
      answer: campaignShape,
    }),
    async (c) => {
      const network = c.get('network')
      const { id } = c.req.valid('param')
      const { comment = '', ...said } = c.req.valid('json')
      const userId = c.get('callerUserId')
      if (userId === undefined) throw conflict('not_named', 'People approve; sign in to do so.')
      const given = { campaignId: id, ...said, comment }
      return c.json(await changed(network, id, () => vote(context, network, given, userId, now(network))), 200)
    },
  )

  api.openapi(
    showing(`${campaignPath}/checklist`, mayCall('campaign.read', place), {
      operationId: 'getCampaignChecklist',
      summary: 'What the machine finds in a draft before it is launched',
      answer: checklistShape,
    }),
    async (c) => {
      const network = c.get('network')
      const draft = await draftOf(network, c.req.valid('param').id)
      return c.json(
        await refusing(async () => {
          const campaign = await readCampaign(context, network, { file: draft.name, text: draft.text }, now(network))
          const plan = await planCampaign(context, network, campaign, now(network))
          const checking = { campaignId: draft.campaignId, campaign, text: draft.text, plan }
          const items = await checklistOf(context, network, checking, now(network))
          return { items: items.map(({ code, state, params }) => ({ code, state, params: { ...params } })) }
        }),
        200,
      )
    },
  )

  api.openapi(
    doing(`${campaignPath}/launch`, mayCall('campaign.launch', place), then, {
      operationId: 'launchCampaign',
      summary: 'Launches a draft; it may be undone for as long as the network’s settings say',
      body: z
        .strictObject({
          name: z.string().max(100).openapi({ description: 'The campaign’s name, as a confirmation.' }),
          seen: seen.optional(),
        })
        .openapi('LaunchCampaign'),
      answer: campaignShape,
    }),
    async (c) => {
      const network = c.get('network')
      const { id } = c.req.valid('param')
      const { name, seen: read } = c.req.valid('json')
      const made = await changed(network, id, async () => {
        const draft = await findDraft(db, network.id, id)
        // Launched already: once more is once.
        if (!draft) {
          const { status } = await shown(network, id)
          if (status === 'scheduled' || status === 'running') return
          throw conflict('wrong-state', `This campaign is ${status}: only a draft is launched.`)
        }
        if (name !== draft.name) throw conflict('name', `This campaign is named ${draft.name}: say so to launch it.`)
        const campaign = await readCampaign(context, network, { file: draft.name, text: draft.text }, now(network))
        // It goes past consent and hours: somebody looks at it.
        if (campaign.class === 'urgent_service')
          throw conflict('urgent', 'An urgent notice is sent by a person, in the console.')
        await launchDraft(
          context,
          network,
          { campaignId: id, seen: read ?? draft.hash },
          { actor: c.get('caller') },
          now(network),
          { holdMs: holdMsOf(launchRulesOf(network.settings), campaign), admit: admitApproved(network, id) },
        )
      })
      return c.json(made, 200)
    },
  )

  const simple = (
    path: string,
    permission: 'campaign.launch' | 'campaign.control' | 'campaign.write',
    about: { operationId: string; summary: string },
    work: (network: Network, campaignId: string, actor: string) => Promise<unknown>,
  ) =>
    api.openapi(
      doing(`${campaignPath}/${path}`, mayCall(permission, place), then, {
        ...about,
        body: nothing,
        answer: campaignShape,
      }),
      async (c) => {
        const network = c.get('network')
        const { id } = c.req.valid('param')
        return c.json(await changed(network, id, () => work(network, id, c.get('caller'))), 200)
      },
    )

  simple(
    'undo',
    'campaign.launch',
    { operationId: 'undoCampaignLaunch', summary: 'Takes a launch back while it is held: it is a draft again' },
    (network, campaignId, actor) => undoLaunch(context, network, { campaignId, actor }, now(network)),
  )
  simple(
    'close',
    'campaign.control',
    { operationId: 'closeCampaign', summary: 'Lets nobody more in; those under way go on to their end' },
    (network, campaignId, actor) => closeCampaign(context, network, { campaignId, actor }),
  )

  for (const [path, operationId, summary, work] of [
    ['pause', 'pauseCampaign', 'Stops a campaign: nothing more of it leaves until it is resumed', pauseCampaign],
    ['cancel', 'cancelCampaign', 'Ends a campaign for good: what has not left never will', undefined],
  ] as const)
    api.openapi(
      doing(`${campaignPath}/${path}`, mayCall('campaign.control', place), then, {
        ...{ operationId, summary },
        body: z.strictObject({ reason }).openapi('CampaignControl'),
        answer: campaignShape,
      }),
      async (c) => {
        const network = c.get('network')
        const { id } = c.req.valid('param')
        const asked = { campaignId: id, actor: c.get('caller'), reason: c.req.valid('json').reason }
        const done = await changed(network, id, () =>
          work ? work(context, network, asked) : cancelCampaign(context, network, asked, now(network)),
        )
        return c.json(done, 200)
      },
    )

  api.openapi(
    doing(`${campaignPath}/resume`, mayCall('campaign.control', place), then, {
      operationId: 'resumeCampaign',
      summary: 'Lets a paused campaign go on',
      body: z
        .strictObject({
          despite: z.string().max(40).optional().openapi({
            description: 'Where Relais stopped it by itself: the figure it was stopped for, such as 12/180.',
          }),
        })
        .openapi('ResumeCampaign'),
      answer: campaignShape,
    }),
    async (c) => {
      const network = c.get('network')
      const { id } = c.req.valid('param')
      const asked = { campaignId: id, actor: c.get('caller'), despite: c.req.valid('json').despite }
      return c.json(await changed(network, id, () => resumeCampaign(context, network, asked)), 200)
    },
  )

  api.openapi(
    doing(`${campaignPath}/steps/{step}/cancel`, mayCall('campaign.control', place), then, {
      operationId: 'cancelCampaignStep',
      summary: 'Cancels one step of a launched campaign, and leaves the others',
      params: { step: z.string().max(100) },
      body: z.strictObject({ reason }).openapi('CancelCampaignStep'),
      answer: campaignShape,
    }),
    async (c) => {
      const network = c.get('network')
      const { id, step } = c.req.valid('param')
      const asked = { campaignId: id, step, actor: c.get('caller'), reason: c.req.valid('json').reason }
      return c.json(await changed(network, id, () => cancelStep(context, network, asked, now(network))), 200)
    },
  )

  api.openapi(
    doing(`${campaignPath}/discard`, mayCall('campaign.write', place), then, {
      operationId: 'discardCampaign',
      summary: 'Throws a draft away',
      body: nothing,
      answer: z.object({ discarded: z.boolean() }).openapi('CampaignDiscarded'),
    }),
    async (c) => {
      const network = c.get('network')
      const gone = await discardDraft(context, network, c.req.valid('param').id, { actor: c.get('caller') })
      if (!gone) throw conflict('wrong-state', 'This campaign is no draft: cancel it instead.')
      return c.json({ discarded: true }, 200)
    },
  )
}

import { createHash } from 'node:crypto'
import { and, asc, eq } from 'drizzle-orm'
import { readPeople } from '../audience/people.ts'
import { campaignDefinition } from '../campaign/definition.ts'
import { readYaml } from '../campaign/yaml-source.ts'
import type { Outgoing, Receipt } from '../channel.ts'
import { businessNow } from '../clock.ts'
import type { Context, Network } from '../context.ts'
import { proofItems, proofs, seedAddresses } from '../db/schema.ts'
import { chooseChannel } from '../deliver/choose-channel.ts'
import { withOwnCarriers } from '../deliver/own-carriers.ts'
import type { JobWork } from '../job/job.ts'
import { isHalted } from '../network/halt.ts'
import { currentPolicy } from '../outbox/step.ts'
import { RenderProblem } from '../render/problem.ts'
import { costMillis } from '../routing/cost.ts'
import type { ProofItem } from './proof.ts'
import { marked, renderProof } from './render-proof.ts'
import { stepsShown, textShown } from './shown-steps.ts'
import { readSnapshot } from './snapshot.ts'

/**
 * Sends the test messages of a proof, one after the other. Each is taken by a guarded update and never tried twice:
 * what was under way when a worker was killed may have left, and says so.
 */
export const work: JobWork = async function* sendProof(context, network, run) {
  const proofId = run.payload.proofId as string
  if (run.isResumed)
    await context.db
      .update(proofItems)
      .set({ status: 'unknown', reason: 'killed' })
      .where(
        and(eq(proofItems.networkId, network.id), eq(proofItems.proofId, proofId), eq(proofItems.status, 'sending')),
      )
  let sent = run.done
  for (;;) {
    const [item] = await context.db
      .select()
      .from(proofItems)
      .where(
        and(eq(proofItems.networkId, network.id), eq(proofItems.proofId, proofId), eq(proofItems.status, 'queued')),
      )
      .orderBy(asc(proofItems.id))
      .limit(1)
    if (!item) return { sent }
    const isThis = and(eq(proofItems.networkId, network.id), eq(proofItems.id, item.id))
    const taken = await context.db.transaction(async (tx) => {
      const rows = await tx
        .update(proofItems)
        .set({ status: 'sending' })
        .where(and(isThis, eq(proofItems.status, 'queued')))
        .returning({ id: proofItems.id })
      await run.checkpoint(tx, { cursor: item.id, done: sent })
      return rows.length > 0
    })
    if (taken) {
      const result = await sendOne(context, network, item)
      sent += Number(result.status === 'sent')
      await context.db
        .update(proofItems)
        .set(result)
        .where(and(isThis, eq(proofItems.status, 'sending')))
    }
    yield
  }
}

type Result = Partial<ProofItem> & Pick<ProofItem, 'status'>
const refused = (reason: string): Result => ({ status: 'refused', reason })

async function sendOne(context: Context, network: Network, item: ProofItem): Promise<Result> {
  const { db, wall } = context
  if (await isHalted(db, network.id)) return refused('halted')
  const now = businessNow(wall.now(), network)
  const [proof] = await db
    .select()
    .from(proofs)
    .where(and(eq(proofs.networkId, network.id), eq(proofs.id, item.proofId)))
  // Read now: an address taken off the list since gets nothing.
  const [seed] = await db
    .select()
    .from(seedAddresses)
    .where(and(eq(seedAddresses.networkId, network.id), eq(seedAddresses.id, item.seedId)))
  if (!proof || !seed) return refused('no_seed')
  const snapshot = await readSnapshot(db, network.id, proof.campaignId, proof.hash)
  const read = snapshot && campaignDefinition.safeParse(readYaml(snapshot.source, '').value)
  const campaign = read?.data
  const step = campaign && stepsShown(campaign).find((one) => one.key === item.step)?.step
  const text = snapshot?.words.find(
    (one) => one.template === step?.template && one.channel === item.channel && one.language === item.language,
  )
  const sample = proof.samples[item.sample]
  const [person] = sample ? await readPeople(db, network.id, [sample.contactId]) : []
  if (!campaign || !step || !text || !person) return refused('no_words')
  try {
    const copy = await renderProof(
      context,
      db,
      network,
      { campaignId: proof.campaignId, campaign, step, text: textShown(text, step), person },
      now,
    )
    const content = marked(copy.content, item.language)
    const outgoing: Outgoing = {
      networkId: network.id,
      mode: network.mode,
      deliveryId: item.id,
      attempt: 1,
      messageId: proof.id,
      recipientKey: `seed:${seed.id}`,
      siteId: person.site.id,
      language: item.language,
      to: { id: seed.id, kind: seed.channel === 'sms' ? 'mobile' : 'email', value: seed.value, isShared: false },
      from: copy.from,
      fromName: copy.fromName,
      content,
      trackingMode: 'none',
      now,
      seed: item.id,
    }
    const receipt = await handOver(context, network, outgoing, copy.sender?.provider)
    const contentHash = createHash('sha256').update(JSON.stringify(content)).digest('hex')
    if (receipt.outcome === 'refused') return { ...refused(receipt.code), contentHash }
    if (receipt.outcome === 'unknown') return { status: 'unknown', reason: receipt.reason, contentHash }
    const parts = receipt.parts ?? (content.channel === 'sms' ? content.parts : 1)
    const { values } = await currentPolicy(db, network.id)
    const cost = costMillis(item.channel, parts, values, network.country)
    return { status: 'sent', reason: null, ref: receipt.ref, contentHash, parts, costMillis: cost, sentAt: now }
  } catch (error) {
    if (error instanceof RenderProblem) return refused(`render_${error.code}`)
    throw error
  }
}

/** By the channel that would carry the campaign itself. */
const handOver = (context: Context, network: Network, outgoing: Outgoing, provider?: string): Promise<Receipt> =>
  withOwnCarriers(context, network, async (own) => {
    const channel = chooseChannel(own.channels, network, outgoing.content.channel, provider)
    if (!channel || own.unreadable?.has(channel.name))
      return { outcome: 'refused', code: 'no_provider', permanent: true }
    try {
      await channel.open?.()
      const [receipt] = await channel.send([outgoing])
      return receipt ?? { outcome: 'unknown', reason: 'no_receipt_from_adapter' }
    } catch (error) {
      context.log.error({ channel: channel.name, err: error }, 'A proof could not be handed over')
      return { outcome: 'refused', code: 'channel_error', permanent: true }
    }
  })

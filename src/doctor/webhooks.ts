import { and, between, count, eq, inArray, max } from 'drizzle-orm'
import { deliveries, networks } from '../db/schema.ts'
import { hasCalled } from '../deliver/webhook-health.ts'
import type { Examination, Finding } from './finding.ts'

const minuteMs = 60_000
/** A provider that calls at all has said something of a message by then; what is older than a day has been told of. */
const wordMs = 10 * minuteMs
const dayMs = 24 * 60 * minuteMs

/** Providers that call us, and where they are told to. */
const callers: Record<string, { name: string; mend(publicUrl: string): string }> = {
  twilio: {
    name: 'Twilio',
    mend: (publicUrl) =>
      `See that ${publicUrl}/webhooks/twilio/status can be reached from outside, and what Twilio’s debugger says of it.`,
  },
  sendgrid: {
    name: 'SendGrid',
    mend: (publicUrl) =>
      `See that SendGrid’s Event Webhook is on and calls ${publicUrl}/webhooks/sendgrid, and that it can be reached.`,
  },
}

/** Whether providers that have taken messages tell what becomes of them. */
export const examineWebhooks: Examination = async ({ config, context: { db, wall } }) => {
  const now = wall.now().getTime()
  const rows = await db
    .select({ provider: deliveries.provider, messages: count(), lastAt: max(deliveries.sentAt) })
    .from(deliveries)
    .innerJoin(networks, eq(networks.id, deliveries.networkId))
    .where(
      and(
        eq(networks.mode, 'live'),
        eq(deliveries.status, 'accepted'),
        inArray(deliveries.provider, Object.keys(callers)),
        between(deliveries.sentAt, new Date(now - dayMs), new Date(now - wordMs)),
      ),
    )
    .groupBy(deliveries.provider)
  const findings: Finding[] = []
  for (const { provider, messages, lastAt } of rows) {
    const caller = callers[provider ?? '']
    if (!caller || !lastAt || (await hasCalled(db, provider ?? '', lastAt))) continue
    findings.push({
      about: `calls of ${caller.name}`,
      health: 'bad',
      says: `${caller.name} has taken messages (${messages} unanswered) and has not called since ${lastAt.toISOString()}.`,
      mend: caller.mend(config.publicUrl),
    })
  }
  return findings
}

import { and, eq } from 'drizzle-orm'
import { launchCampaign } from '../../src/campaign/launch.ts'
import type { Config } from '../../src/config.ts'
import type { Context } from '../../src/context.ts'
import { attempts, contacts, deliveries, deliveryMembers, messages, timers } from '../../src/db/schema.ts'
import { deliverDue } from '../../src/deliver/deliver-due.ts'
import { fanOut, startStep } from '../../src/outbox/fan-out.ts'
import type { ChannelName } from '../../src/words.ts'
import { type FakeSendGrid, startSendGrid } from '../providers/sendgrid.ts'
import { type FakeTwilio, startTwilio } from '../providers/twilio.ts'
import { type World, type WorldOptions, world } from '../world.ts'

/** Tuesday 12 January 2027, 10:00 in Paris: everybody may be written to. */
export const tuesdayMorning = new Date('2027-01-12T09:00:00Z')

export interface Live extends World {
  twilio: FakeTwilio
  sendgrid: FakeSendGrid
  /** Launches a one-step campaign and decides its audience; nothing is handed over yet. */
  owe(step: string, campaign?: string): Promise<void>
  /** Hands over what is due now. */
  deliver(context?: Context): Promise<number>
  /** The deliveries of somebody, by the file's identifier, on a channel. */
  of(externalId: string, channel?: ChannelName): Promise<(typeof deliveries.$inferSelect)[]>
  attemptsOf(deliveryId: string): Promise<(typeof attempts.$inferSelect)[]>
  timersOf(deliveryId: string): Promise<(typeof timers.$inferSelect)[]>
}

/** A live network whose SMS and e-mail leave by the official SDKs to stand-ins in this process. */
export async function live(options: Omit<WorldOptions, 'mode'> & { timeoutMs?: number } = {}): Promise<Live> {
  const holder: { w?: World } = {}
  const twilio = await startTwilio({ now: () => holder.w?.clock.now() ?? tuesdayMorning })
  const sendgrid = await startSendGrid()
  const timeoutMs = options.timeoutMs ?? 20_000
  const providers = {
    twilio: {
      accountSid: twilio.accountSid,
      authToken: twilio.authToken,
      from: '36180',
      baseUrl: twilio.url,
      timeoutMs,
    },
    sendgrid: {
      apiKey: sendgrid.apiKey,
      webhookPublicKey: sendgrid.webhookPublicKey,
      baseUrl: sendgrid.url,
      timeoutMs,
    },
  }
  const config: Partial<Config> = { publicUrl: 'https://relais.example.com', ...providers, ...options.config }
  const w = await world({ at: tuesdayMorning, ...options, mode: 'live', config })
  holder.w = w
  const { db } = w.context
  let launched = 0
  return {
    ...w,
    twilio,
    sendgrid,
    owe: async (step, campaign = '') => {
      launched++
      const text = [
        `name: essai-${launched}`,
        'title: { fr: Essai, en: Trial }',
        campaign.includes('class:') ? '' : 'class: marketing',
        campaign.includes('audience:') ? '' : 'audience: { segment: tous }',
        'anchor: { launch: now, timezone: Europe/Paris }',
        'link: https://www.reseau.example.com/defi',
        campaign,
        `steps: [{ name: seule, at: launch, ${step} }]`,
      ].join('\n')
      const now = w.clock.now()
      const made = await launchCampaign(w.context, w.network, { file: 'essai.yaml', text }, 'test', now)
      const { messageId } = made.steps[0]!
      await db.transaction((tx) => startStep(tx, w.network, messageId, now))
      await fanOut(w.context, w.network, messageId, now)
      // Its timer is not needed any more: the audience is decided.
      await db.update(timers).set({ firedAt: now }).where(eq(timers.subject, messageId))
    },
    deliver: (context = w.context) => deliverDue(context, w.network, w.clock.now()),
    of: async (externalId, channel = 'sms') => {
      const rows = await db
        .select({ delivery: deliveries })
        .from(deliveries)
        .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
        .innerJoin(
          deliveryMembers,
          and(eq(deliveryMembers.networkId, deliveries.networkId), eq(deliveryMembers.deliveryId, deliveries.id)),
        )
        .innerJoin(
          contacts,
          and(eq(contacts.networkId, deliveryMembers.networkId), eq(contacts.id, deliveryMembers.contactId)),
        )
        .where(and(eq(contacts.externalId, externalId), eq(deliveries.channel, channel)))
        .orderBy(deliveries.createdAt, deliveries.id)
      return rows.map((row) => row.delivery)
    },
    attemptsOf: (deliveryId) =>
      db.select().from(attempts).where(eq(attempts.deliveryId, deliveryId)).orderBy(attempts.number),
    timersOf: (deliveryId) => db.select().from(timers).where(eq(timers.subject, deliveryId)).orderBy(timers.dueAt),
    close: async () => {
      await w.close()
      await twilio.close()
      await sendgrid.close()
    },
  }
}

/** An SMS to those of the field, as most of these tests want one. */
export const smsStep = 'intent: follow-up, channels: [sms], template: challenge/launch'
export const mailStep = 'intent: follow-up, channels: [email], template: challenge/launch'

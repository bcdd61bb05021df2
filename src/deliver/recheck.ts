import type { Person } from '../audience/people.ts'
import type { Channel } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import type { Sender } from '../network/senders.ts'
import { decide } from '../outbox/decide.ts'
import type { Decision } from '../routing/types.ts'
import { leftReason } from '../sequence/leave.ts'
import type { DeliveryStatus, TrackingMode } from '../words.ts'
import type { Batch, Circumstance, Delivery } from './batch.ts'
import { chooseChannel } from './choose-channel.ts'
import { wasDueBeforeRestore } from './left-before-restore.ts'

/** Whether a delivery may leave as things stand now; when not, where it is laid and why. */
export type Verdict =
  | {
      go: true
      channel: Channel
      people: Person[]
      /** What they let be measured now; a copy of our own measures what was decided. */
      trackingMode?: TrackingMode
    }
  | {
      go: false
      status: Extract<DeliveryStatus, 'held' | 'suppressed' | 'expired' | 'canceled' | 'failed' | 'needs_review'>
      reason: string
      dueAt?: Date
    }

/**
 * Asks again, at the last moment, whether a delivery may leave: campaign, its goal, expiry, suppression, consent and hours.
 * A check that breaks stops the message and leaves it to a human: what cannot be checked is not sent.
 */
export function recheck(context: Context, network: Network, batch: Batch, delivery: Delivery, now: Date): Verdict {
  try {
    return judge(context, network, batch.of(delivery), delivery, now)
  } catch (error) {
    context.log.error({ deliveryId: delivery.id, err: error }, 'A delivery could not be checked, so it was not sent')
    return { go: false, status: 'needs_review', reason: 'check_failed' }
  }
}

function judge(context: Context, network: Network, circumstance: Circumstance, delivery: Delivery, now: Date): Verdict {
  const { step } = circumstance
  const active = circumstance.people.filter(({ contact }) => contact.isActive)
  // Asked again: what was being tried when somebody reached the goal was not called back then.
  const people = active.filter(({ contact }) => !circumstance.left.has(contact.id))
  if (step.campaignStatus === 'canceled' || step.isCanceled)
    return { go: false, status: 'canceled', reason: 'campaign_canceled' }
  if (step.campaignStatus === 'paused') return { go: false, status: 'held', reason: 'paused' }
  if (delivery.expiresAt && delivery.expiresAt <= now) return { go: false, status: 'expired', reason: 'expired' }
  if (people.length === 0)
    return { go: false, status: 'canceled', reason: active.length > 0 ? leftReason : 'nobody_left' }
  const sender = step.senders.find((candidate) => candidate.id === delivery.senderId)
  const channel = chooseChannel(context.channels, network, delivery.channel, sender?.provider)
  if (!channel) {
    const isLocked = context.unreadable?.has(delivery.channel)
    return { go: false, status: 'held', reason: isLocked ? 'credentials_unreadable' : 'no_provider' }
  }
  // A copy kept to be read was decided with the message; nobody is rung or written to by it.
  if (delivery.isCompanion && (delivery.channel === 'intranet' || delivery.channel === 'screen'))
    return { go: true, channel, people }

  // Nothing leaves at night by this: whether it has left already is asked first, and that no hour forbids.
  const isInQuestion = !channel.isLocal && wasDueBeforeRestore(context, delivery)
  const open: { person: Person; trackingMode: TrackingMode }[] = []
  let held: Date | undefined
  let closed: string | undefined
  for (const person of people) {
    const again = askAgain(context, circumstance, delivery, person, now)
    if (again.outcome === 'none' || !again.at) closed ??= whyClosed(again, delivery)
    else if (again.outcome === 'defer' && again.at > now && !isInQuestion)
      held = held && held < again.at ? held : again.at
    else open.push({ person, trackingMode: again.trackingMode })
  }
  // Colleagues behind one mailbox or letterbox: it leaves for those who may still have it.
  if (open.length > 0)
    return { go: true, channel, people: open.map(({ person }) => person), trackingMode: open[0]!.trackingMode }
  if (held) return { go: false, status: 'held', reason: 'quiet_hours', dueAt: held }
  const isWithoutWords = closed === 'no_content' || closed === 'content_problem'
  return { go: false, status: isWithoutWords ? 'failed' : 'suppressed', reason: closed ?? 'closed' }
}

/** Routes as if for the first time and for this channel alone; the touch it was counted as must not close it. */
function askAgain(
  context: Context,
  { step, contents }: Circumstance,
  delivery: Delivery,
  person: Person,
  now: Date,
): Decision {
  return decide(
    {
      step: {
        ...step,
        routable: { ...step.routable, channels: [delivery.channel], fallback: undefined },
        senders: bySender(step.senders, delivery),
      },
      contents,
      publicUrl: context.publicUrl,
      shortUrl: context.shortUrl,
      // The words of a retry are fixed; what became of the template since is nothing to it.
      measured: delivery.contentVersionId
        ? { language: person.contact.language, parts: delivery.parts ?? 1 }
        : undefined,
    },
    person,
    { beliefs: {}, touches: { contact: [], site: [] }, isSpent: false, now },
  )
}

/** The sender it was decided with is the one a STOP may have closed since, whichever would be chosen now. */
function bySender(senders: readonly Sender[], { senderId }: Delivery): Sender[] {
  const own = senders.filter((sender) => sender.id === senderId)
  return own.length > 0 ? own : [...senders]
}

function whyClosed(decision: Decision, delivery: Delivery): string {
  const excluded = decision.trace.find((entry) => entry.channel === delivery.channel && entry.verdict === 'excluded')
  const code = excluded?.detail?.code ?? decision.because[0]?.code
  return typeof code === 'string' ? code : 'closed'
}

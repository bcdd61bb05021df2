import { createHash } from 'node:crypto'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { contacts, suppressions } from '../db/schema.ts'
import { forgetPending } from '../engagement/void.ts'
import {
  appendConsents,
  appendTrackingChoices,
  type ConsentEntry,
  lastConsents,
  type TrackingSubject,
  trackingOf,
} from '../network/consent.ts'
import { suppress } from '../network/suppression.ts'
import type { ChannelName, ConsentAction, ConsentPurpose, Language, PreferredHours } from '../words.ts'
import { unsubscribe } from './close-address.ts'
import { type Leavable, leavable, pageWords } from './page-words.ts'
import {
  addressesOfOwner,
  chooseTopics,
  type TopicChoice,
  type TopicOwner,
  type TopicWish,
  topicsOf,
} from './topics.ts'

export interface Preferences {
  opens: 'granted' | 'refused' | 'unstated'
  clicks: 'granted' | 'refused' | 'unstated'
  /** Refused: the channel is no longer chosen by what they answered; nobody who said nothing has objected. */
  learning: 'granted' | 'refused' | 'unstated'
  /** Channels on which marketing has been refused. */
  left: Leavable[]
  topics: TopicChoice[]
  /** Everything commercial has been refused, on every channel. */
  isAllStopped: boolean
  /** One person's own; absent where several are behind the link. */
  language?: Language
  hours?: PreferredHours | null
}

/** Who chooses: those behind a link, and the one mailbox it went to where several read it. */
export interface Chooser extends TopicOwner {
  /** Nobody can agree for the others: only refusals are taken, and only for that mailbox. */
  isShared: boolean
  /** What the link came by: all that can be left where it is shared. */
  cameBy: ChannelName
}

/** What those behind a link have chosen; of several, what any of them refused is shown as refused. */
export async function preferencesOf(tx: Tx, chooser: Chooser): Promise<Preferences> {
  const { networkId, contactIds, isShared } = chooser
  const tracking = await trackingOf(tx, networkId, contactIds)
  const consents = await lastConsents(tx, networkId, contactIds)
  const choice = (subject: TrackingSubject) => {
    const choices = contactIds.map((id) => tracking.get(id)?.[subject] ?? 'unstated')
    if (choices.includes('refused')) return 'refused'
    return choices.length > 0 && choices.every((one) => one === 'granted') ? 'granted' : 'unstated'
  }
  const left = leavable.filter((channel) => contactIds.some((id) => consents.get(id)?.[channel]?.state === 'denied'))
  const [own] = isShared
    ? []
    : await tx
        .select({ language: contacts.language, hours: contacts.preferredHours })
        .from(contacts)
        .where(and(eq(contacts.networkId, networkId), inArray(contacts.id, [...contactIds])))
  return {
    ...{ opens: choice('opens'), clicks: choice('clicks'), learning: choice('learning') },
    ...{ left, topics: await topicsOf(tx, chooser) },
    ...{ isAllStopped: await isAllStopped(tx, chooser), language: own?.language, hours: own?.hours },
  }
}

/** Nobody leaves for the others: what several read is left by itself. */
export const leavableBy = ({ isShared, cameBy }: Pick<Chooser, 'isShared' | 'cameBy'>): readonly Leavable[] =>
  isShared ? leavable.filter((channel) => channel === cameBy) : leavable

async function isAllStopped(tx: Tx, chooser: Chooser): Promise<boolean> {
  const own = await addressesOfOwner(tx, chooser)
  if (own.length === 0) return false
  const closed = await tx
    .selectDistinct({ hash: suppressions.addressHash })
    .from(suppressions)
    .where(
      and(
        eq(suppressions.networkId, chooser.networkId),
        eq(suppressions.scope, 'marketing'),
        eq(suppressions.channel, ''),
        isNull(suppressions.liftedAt),
        inArray(
          suppressions.addressHash,
          own.map(({ hash }) => hash),
        ),
      ),
    )
  return closed.length === own.length
}

export interface Chosen {
  opens?: 'granted' | 'refused'
  clicks?: 'granted' | 'refused'
  learning?: 'granted' | 'refused'
  leave: readonly Leavable[]
  topics: readonly TopicWish[]
  language?: Language
  /** Null: at any hour. */
  hours?: PreferredHours | null
  /** Everything commercial, on every channel. */
  stopsAll: boolean
}

export interface Said extends Chooser {
  /** Of the page. */
  language: Language
  source: string
  /** Business time. */
  at: Date
}

/** The version of the words the page asks in; a hash of the very words is kept beside it. */
export const wordingVersion = '3'
const purposes = { opens: 'track_open_performance', clicks: 'track_click' } as const

/**
 * Writes down what was chosen, each change in the ledger with the wording it answered. Refusing is as easy as agreeing
 * (CNIL, deliberation 2026-042); of a mailbox that several read, only refusals are taken. What is as it was, is not
 * written again.
 */
export async function savePreferences(tx: Tx, said: Said, chosen: Chosen): Promise<void> {
  const { networkId, contactIds, isShared, source, at } = said
  const before = await preferencesOf(tx, said)
  const { tracking, prefs } = pageWords[said.language]
  if (chosen.stopsAll) await stopAll(tx, said, before)
  for (const subject of ['opens', 'clicks'] as const) {
    const choice = chosen[subject]
    if (!choice || choice === before[subject] || (choice === 'granted' && isShared)) continue
    await appendTrackingChoices(
      tx,
      contactIds.map((contactId) => ({ networkId, contactId, subject, choice, source, occurredAt: at })),
    )
    const action = choice === 'granted' ? 'grant' : 'withdraw'
    await note(tx, said, { channel: 'email', purpose: purposes[subject], action, words: tracking[subject] })
  }
  // Who wants nothing commercial any more is not studied for it either.
  const learning = chosen.stopsAll ? 'refused' : chosen.learning
  if (learning && !isShared) await chooseLearning(tx, said, learning, before.learning)
  if (!chosen.stopsAll)
    for (const channel of chosen.leave.filter((one) => leavableBy(said).includes(one)))
      if (!before.left.includes(channel)) await leave(tx, said, channel, `${prefs.channels} ${channel}`)
  const wishes = chosen.topics.filter((wish) => !isShared || !wish.isOpen)
  for (const { topic, channel, isOpen } of await chooseTopics(tx, said, wishes, source, at))
    await note(tx, said, {
      ...{ channel, purpose: 'personalise_channel', action: isOpen ? 'grant' : 'withdraw' },
      ...{ words: `${prefs.topics} ${topic} ${channel}`, evidenceRef: `topic:${topic}` },
    })
  if (isShared) return
  const { language, hours } = chosen
  if (language && language !== before.language) await setOwn(tx, said, { language }, `language:${language}`)
  if (hours !== undefined && hours !== before.hours)
    await setOwn(tx, said, { preferredHours: hours }, `hours:${hours ?? 'any'}`)
}

/**
 * The right to object to profiling (GDPR art. 21): it holds from the next decision on, and what is sent from now on
 * teaches nothing of them. Nothing is asked in advance, so that agreeing only takes an objection back.
 */
async function chooseLearning(
  tx: Tx,
  said: Said,
  choice: 'granted' | 'refused',
  before: Preferences['learning'],
): Promise<void> {
  if (choice === before || (choice === 'granted' && before === 'unstated')) return
  const { networkId, contactIds, source, at } = said
  await appendTrackingChoices(
    tx,
    contactIds.map((contactId) => ({ networkId, contactId, subject: 'learning', choice, source, occurredAt: at })),
  )
  if (choice === 'refused') for (const contactId of contactIds) await forgetPending(tx, networkId, contactId)
  const { learning } = pageWords[said.language]
  await note(tx, said, {
    ...{ channel: 'email' as const, purpose: 'personalise_channel' as const, evidenceRef: 'learning' },
    ...{ action: choice === 'granted' ? ('grant' as const) : ('withdraw' as const), words: learning.text },
  })
}

async function setOwn(
  tx: Tx,
  said: Said,
  change: { language: Language } | { preferredHours: PreferredHours | null },
  evidenceRef: string,
): Promise<void> {
  await tx
    .update(contacts)
    .set({ ...change, updatedAt: said.at })
    .where(and(eq(contacts.networkId, said.networkId), inArray(contacts.id, [...said.contactIds])))
  const { prefs } = pageWords[said.language]
  const words = 'language' in change ? prefs.language : prefs.hours
  await note(tx, said, { channel: 'email', purpose: 'personalise_channel', action: 'grant', words, evidenceRef })
}

interface Noted {
  channel: ChannelName
  purpose: ConsentPurpose
  action: ConsentAction
  /** What the page asked, as it asked it. */
  words: string
  evidenceRef?: string
}

const wordingOf = (
  { language }: Said,
  words: string,
): Pick<ConsentEntry, 'wordingVersion' | 'wordingHash' | 'language'> => ({
  ...{ wordingVersion, wordingHash: createHash('sha256').update(words).digest('hex'), language },
})

async function note(tx: Tx, said: Said, { words, ...noted }: Noted): Promise<void> {
  const { networkId, contactIds, source, at } = said
  await appendConsents(
    tx,
    contactIds.map((contactId) => ({
      ...noted,
      ...{ networkId, contactId, basis: 'consent' as const, source, actor: 'contact', occurredAt: at },
      ...wordingOf(said, words),
    })),
    at,
  )
}

/** Everything commercial on every channel: of a mailbox several read, that mailbox. */
async function stopAll(tx: Tx, said: Said, before: Preferences): Promise<void> {
  const { networkId, source, at } = said
  const { prefs } = pageWords[said.language]
  for (const { hash } of await addressesOfOwner(tx, said))
    await suppress(tx, {
      ...{ networkId, scope: 'marketing' as const, addressHash: hash, channel: '' },
      ...{ reason: 'unsubscribe', source, occurredAt: at },
    })
  for (const channel of leavableBy(said))
    if (!before.left.includes(channel)) await leave(tx, said, channel, `${prefs.stopTitle} ${prefs.stopText}`)
}

async function leave(tx: Tx, said: Said, channel: Leavable, words: string): Promise<void> {
  const { networkId, contactIds, source, at } = said
  const own = channel === 'print' ? [] : (await addressesOfOwner(tx, said)).filter((one) => one.channel === channel)
  if (own.length === 0) {
    // The letterbox is the site's: one person's wish does not close it for the others.
    await note(tx, said, { channel, purpose: 'receive', action: 'withdraw', words })
    return
  }
  const closing = { networkId, channel, reason: 'unsubscribe', source, occurredAt: at, recordedAt: at }
  for (const { id } of own)
    await unsubscribe(tx, { ...closing, addressId: id, contactIds, wording: wordingOf(said, words) })
}

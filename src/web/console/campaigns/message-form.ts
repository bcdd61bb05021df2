import { z } from 'zod'
import { messageName, type OneOff, type OneOffWords, wordsProblems } from '../../../campaign/one-off.ts'
import type { Context, Network } from '../../../context.ts'
import { findContact } from '../../../network/timeline.ts'
import { siteIdOf } from '../../../outbox/step.ts'
import { type ChannelName, channelNames, type Language, messageClasses, urgentReasons } from '../../../words.ts'
import type { Problems } from '../../ui/form.tsx'
import type { View } from '../../view.ts'
import { isLocalTime } from './new-routes.tsx'

const longest = { subject: 200, text: 20_000, sms: 1_000, name: 200 }

/** A message as it is written in the form, right or not. */
export interface MessageFields {
  to: string
  segment: string
  site: string
  contact: string
  subject: string
  text: string
  sms: string
  subject_en: string
  text_en: string
  sms_en: string
  class: string
  reason: string
  channels: ChannelName[]
  when: string
  at: string
}

const text = z.string().catch('')

const form = z.object({
  to: text,
  segment: text,
  site: text,
  contact: text,
  subject: text,
  text,
  sms: text,
  subject_en: text,
  text_en: text,
  sms_en: text,
  class: text,
  reason: text,
  channels: z.preprocess(
    (value) => [value].flat().filter((one) => (channelNames as readonly unknown[]).includes(one)),
    z.array(z.enum(channelNames)),
  ),
  when: text,
  at: text,
})

/** What was sent, as it was written; lines end as ours do. */
export function fieldsOf(given: unknown): MessageFields {
  const read = form.parse(given)
  return Object.fromEntries(
    Object.entries(read).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim() : value,
    ]),
  ) as unknown as MessageFields
}

export const emptyFields: MessageFields = fieldsOf({ to: 'segment', class: 'relational', when: 'now' })

/** The form of a message that was kept as a draft. */
export function fieldsFrom(message: OneOff): MessageFields {
  const { to, words } = message
  const of = (language: Language, field: keyof OneOffWords) => words[language]?.[field] ?? ''
  return {
    ...emptyFields,
    to: 'segment' in to ? 'segment' : 'site' in to ? 'site' : 'contact',
    segment: 'segment' in to ? to.segment : '',
    site: 'site' in to ? to.site : '',
    contact: 'contact' in to ? to.contact : '',
    subject: of('fr', 'subject'),
    text: of('fr', 'text'),
    sms: of('fr', 'sms'),
    subject_en: of('en', 'subject'),
    text_en: of('en', 'text'),
    sms_en: of('en', 'sms'),
    class: message.class,
    reason: message.reason ?? '',
    channels: [...(message.channels ?? [])],
    when: message.at === 'now' ? 'now' : 'later',
    at: message.at === 'now' ? '' : message.at,
  }
}

/** The message, or what is wrong with it by field. */
export async function readMessage(
  { db }: Context,
  network: Network,
  { t }: View,
  fields: MessageFields,
  segments: readonly string[],
  /** The network's time now, as `datetime-local` writes it. */
  now: string,
): Promise<{ message: OneOff; problems?: undefined } | { problems: Problems }> {
  const problems: Record<string, string> = {}
  const to = await recipient()
  const messageClass = messageClasses.find((one) => one === fields.class)
  if (!messageClass) problems.class = t('oneOff.classMissing')
  const reason = messageClass === 'urgent_service' ? urgentReasons.find((one) => one === fields.reason) : undefined
  if (messageClass === 'urgent_service' && !reason) problems.reason = t('oneOff.reasonMissing')
  if (fields.subject === '') problems.subject = t('oneOff.subjectMissing')
  if (fields.text === '') problems.text = t('oneOff.textMissing')
  const isTranslated = fields.subject_en !== '' || fields.text_en !== '' || fields.sms_en !== ''
  if (isTranslated && fields.subject_en === '') problems.subject_en = t('oneOff.subjectMissing')
  if (isTranslated && fields.text_en === '') problems.text_en = t('oneOff.textMissing')
  for (const [name, most] of Object.entries({
    subject: longest.subject,
    subject_en: longest.subject,
    text: longest.text,
    text_en: longest.text,
    sms: longest.sms,
    sms_en: longest.sms,
  }))
    if (String(fields[name as keyof MessageFields]).length > most) problems[name] = t('oneOff.tooLong', { count: most })
  if (fields.when === 'later' && (!isLocalTime(fields.at) || fields.at <= now)) problems.at = t('oneOff.atMissing')
  const written = (subject: string, body: string, sms: string): OneOffWords => ({
    subject,
    text: body,
    ...(sms === '' ? {} : { sms }),
  })
  const words: OneOff['words'] = {
    fr: written(fields.subject, fields.text, fields.sms),
    ...(isTranslated ? { en: written(fields.subject_en, fields.text_en, fields.sms_en) } : {}),
  }
  if (messageClass && Object.keys(problems).length === 0)
    for (const problem of wordsProblems(words, messageClass, 'message/x'))
      problems[problem.language === 'fr' ? problem.field : `${problem.field}_en`] ??= problem.message
  if (!to || !messageClass || Object.keys(problems).length > 0) return { problems }
  return {
    message: {
      to,
      words,
      class: messageClass,
      ...(reason ? { reason } : {}),
      channels: fields.channels.length > 0 ? fields.channels : undefined,
      at: fields.when === 'later' ? fields.at.replace(' ', 'T') : 'now',
    },
  }

  async function recipient(): Promise<OneOff['to'] | undefined> {
    if (fields.to === 'site') {
      if (fields.site === '') problems.site = t('oneOff.siteMissing')
      else if (!(await siteIdOf(db, network.id, fields.site.slice(0, longest.name))))
        problems.site = t('oneOff.siteUnknown')
      else return { site: fields.site }
      return undefined
    }
    if (fields.to === 'contact') {
      const found =
        fields.contact === '' ? undefined : await findContact(db, network.id, fields.contact.slice(0, longest.name))
      if (found) return { contact: found.id }
      problems.contact = t(fields.contact === '' ? 'oneOff.contactMissing' : 'oneOff.contactUnknown')
      return undefined
    }
    if (segments.includes(fields.segment)) return { segment: fields.segment }
    problems.segment = t('oneOff.segmentMissing')
    return undefined
  }
}

export const nameOf = (message: OneOff): string => messageName(message.words.fr?.subject ?? '')

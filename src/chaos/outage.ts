import { setTimeout as pause } from 'node:timers/promises'
import { opensAfter } from '../deliver/breaker.ts'
import { count, statesText } from './count.ts'
import { type Found, type Setting, sized } from './fault.ts'
import { notice, peopleFile } from './people.ts'
import { openStand, until } from './stand.ts'

const speed = 30
const minute = 60_000
/** A long code of the United States, which takes one segment a second: a storm would be seen at once. */
const sender = '+14155550100'
/** The text of the notice, by its parts. */
const segments = 2
/**
 * In half a minute at a segment a second, with one burst (`burstUnits`) and the last text. What left in ten seconds
 * more may arrive together with it: on a clock thirty times as fast, that is how late a call of a third of a second is.
 */
const windowMs = 30_000
const mostInWindow = (30 + 10 + 2) / segments + 1
/** Calls that had begun when the first of them failed: four batches of eight. */
const underWayAtMost = 32

const launching = (file: string) => ['then', 'launch', file, '--yes']

const urgent = notice(['sms'])
  .replace('name: fermeture', 'name: rappel')
  .replace('class: transactional', 'class: urgent_service\nreason: outage')
  .replace('intent: notice,', 'intent: notice, urgency: immediate,')
/** Long enough that a machine with much else to do has started and decided before: over a minute on its clock. */
const briefMinutes = 40
/** Worth nothing by the time the provider is back. */
const brief = notice(['sms'])
  .replace('name: fermeture', 'name: eclair')
  .replace('intent: notice,', `intent: notice, expires: PT${briefMinutes}M,`)

/**
 * F10: a provider that answers with errors for half an hour, then well: five failures and nothing more but a try now
 * and then; on its return what is urgent leaves first, what has expired does not, and no storm breaks loose.
 */
export async function outage(setting: Setting): Promise<Found> {
  const people = sized(60, setting, 15)
  const outageMs = Math.max(10 * minute, 30 * minute * setting.scale)
  const stand = await openStand({ seed: setting.seed, speed, settings: { TWILIO_FROM: sender } })
  try {
    const { twilio } = stand
    const takenAt: Date[] = []
    stand.write('people.csv', peopleFile(people))
    stand.write('notice.yaml', notice(['sms']))
    stand.write('urgent.yaml', urgent)
    stand.write('brief.yaml', brief)
    await stand.command('import', 'people.csv', ...launching('notice.yaml'), ...launching('brief.yaml'))
    const first = stand.serve()
    await until(() => twilio.messages.length >= 5)
    twilio.plan.always('500-before')
    const before = twilio.requests.length
    await until(async () => (await stand.one('select count(*) n from breakers where opened_at is not null')) === 1)
    const failed = twilio.requests.length - before
    // Started again, it knows what it learnt before.
    first.signal('SIGTERM')
    await first.ended
    stand.later(briefMinutes * minute)
    await stand.command('launch', 'urgent.yaml', '--yes')
    const server = stand.serve()
    await server.ready()
    await pause(outageMs / speed)
    const tries = twilio.requests.length - before - failed
    const left = twilio.messages.length
    twilio.plan.always(undefined)
    const returned = stand.now().getTime()
    await until(async () => {
      for (const { createdAt } of twilio.messages.slice(left + takenAt.length)) takenAt.push(createdAt)
      return (
        takenAt.length > 0 &&
        (await stand.one(
          "select count(*) n from deliveries where channel = 'sms' and status in ('planned', 'held', 'queued', 'sending', 'unknown')",
        )) === 0
      )
    }, 50)
    server.signal('SIGTERM')
    await server.ended
    const { lost, extra, states } = await count(stand, people * 3, ['sms'])
    const idsOf = async (messages: string) =>
      new Set(
        (
          await stand.stored<{ id: string }>(
            `select id from deliveries where channel = 'sms' and message_id in ${messages}`,
          )
        ).map(({ id }) => id),
      )
    const urgentIds = await idsOf("(select id from messages where urgency = 'immediate')")
    const back = twilio.messages
      .slice(left)
      .map(({ form }) => new URL(form.StatusCallback ?? 'none:').searchParams.get('d') ?? '')
    const overtaken = back.slice(0, urgentIds.size).filter((id) => !urgentIds.has(id)).length
    const expired = await stand.one("select count(*) n from deliveries where status = 'expired'")
    const briefIds = await idsOf('(select id from messages where expires_at is not null)')
    const late = back.filter((id) => briefIds.has(id)).length
    const most = mostWithin(takenAt.map((at) => at.getTime() - returned))
    return {
      messages: people * 3,
      kills: 0,
      lost: lost + (expired === 0 ? people : 0),
      extra: extra + late + Math.max(0, failed - opensAfter - underWayAtMost) + Math.max(0, most - mostInWindow),
      notes: [
        `opened after ${failed}, ${tries} tries in ${Math.round(outageMs / minute)} minutes, then at most ${most} texts of ${segments} segments in half a minute, ${overtaken} before the urgent ones, ${expired} expired`,
        statesText(states),
      ],
    }
  } finally {
    await stand.close()
  }
}

/** The most within any half minute of the installation's clock. */
const mostWithin = (at: readonly number[]): number =>
  Math.max(0, ...at.map((from) => at.filter((one) => one >= from && one < from + windowMs).length))

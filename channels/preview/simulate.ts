import type { Echo, EventType, Outgoing, Simulation } from '../../src/channel.ts'
import { asksOf } from './asks.ts'
import { behaviours, type Habit } from './behaviour.ts'
import { delayBetween, draw } from './draw.ts'
import { subjectOf, wordsOf } from './words-back.ts'

/**
 * What the simulated carrier and the person behind the address will answer to this hand-over, in order of time.
 * The same delivery always gets the same answers: they are drawn from `outgoing.seed`, except what belongs to
 * the address itself (whether it is dead, how its owner likes the channel), which is drawn from the address and so
 * holds over a whole campaign. Opens appear only where the person agreed to be measured (`individual`); links of
 * a message without tracking (`none`) tell nothing. A `simulation` says who these people are instead.
 */
export function simulate(outgoing: Outgoing, simulation?: Simulation): Echo[] {
  const scene = sceneOf(outgoing, simulation)
  switch (outgoing.content.channel) {
    case 'sms':
      playSms(scene)
      break
    case 'email':
      playEmail(scene)
      break
    case 'print':
      playPrint(scene)
      break
    case 'intranet':
      playIntranet(scene)
      break
    case 'screen':
      playScreen(scene)
  }
  return scene.echoes.sort((a, b) => a.afterMs - b.afterMs)
}

/** A long shot is possible whatever the taste, certainty is not. */
const MOST_LIKELY = 0.95

type Scene = ReturnType<typeof sceneOf>

function sceneOf(outgoing: Outgoing, simulation?: Simulation) {
  const { networkId, deliveryId, attempt, now, expiresAt, to, trackingMode } = outgoing
  const world = simulation ? [simulation.seed] : []
  const seed = [...world, outgoing.seed].join('|')
  const channel = outgoing.content.channel
  const asks = asksOf(outgoing.content)
  // Where the address is an id of ours, new at each replay, people are known by who they are.
  const whose = to.kind === 'post' || to.kind === 'station' ? (outgoing.seed.split('|').at(-1) ?? to.value) : to.value
  const habits = behaviours[channel].habits
  const echoes: Echo[] = []

  const habit = (name: string): Habit => {
    const found = habits[name]
    if (!found) throw new Error(`No habit "${name}" for ${channel}.`)
    return found
  }

  const chanceOf = (name: string): number => simulation?.chances?.[channel]?.[name] ?? habit(name).chance
  const certain = simulation?.leanings?.(outgoing)

  const happens = (name: string, weight = 1): boolean => {
    const told = certain?.[name]
    if (told !== undefined) return told
    const chance = chanceOf(name)
    const likely = chance >= 1 ? 1 : Math.min(MOST_LIKELY, chance * weight)
    return draw(seed, channel, name, 'happens') < likely
  }

  /** Milliseconds after the hand-over at which it happens, `since` being when its cause did. */
  const when = (name: string, since = 0): number => {
    const [min, max] = habit(name).afterMs
    return since + delayBetween(min, max, draw(seed, channel, name, 'when'))
  }

  const tell = (afterMs: number, type: EventType, data: Record<string, unknown> = {}, key: string = type): void => {
    echoes.push({
      afterMs,
      event: {
        dedupeKey: `preview:${deliveryId}:${attempt}:${key}`,
        type,
        networkId,
        deliveryId,
        attempt,
        provider: 'preview',
        providerRef: previewRef(outgoing),
        occurredAt: new Date(now.getTime() + afterMs),
        data: { ...data, isSimulated: true },
      },
    })
  }

  /** Follows the link, then does what the page asks. */
  const followLink = (at: number, type: 'click' | 'scan'): void => {
    if (trackingMode !== 'none' || type === 'scan') tell(at, type)
    if (!asks.registration && !asks.acknowledgement) return
    if (happens('finish')) tell(when('finish', at), asks.registration ? 'register' : 'acknowledge')
  }

  return {
    outgoing,
    echoes,
    asks,
    happens,
    when,
    tell,
    followLink,
    /** 0 … 2, mean 1: how much this person likes this channel, over all messages. */
    get taste(): number {
      return 2 * draw('taste', ...world, channel, whose)
    },
    isDead: (): boolean => certain?.dead ?? draw('dead', ...world, channel, whose) < chanceOf('dead'),
    /** The carrier gives up at `expiresAt`, as a provider's own validity period makes it do. */
    isTooLate: (afterMs: number): boolean => expiresAt !== undefined && now.getTime() + afterMs > expiresAt.getTime(),
  }
}

/** The preview set's own name of a hand-over; stable, so that a repeated hand-over is recognised. */
export const previewRef = (outgoing: Outgoing): string => `preview:${outgoing.deliveryId}:${outgoing.attempt}`

function playSms(scene: Scene): void {
  scene.tell(scene.when('sent'), 'sent')
  const fails = (at: number, code: string, permanent: boolean) =>
    scene.tell(at, 'failed', { status: 'undelivered', code, permanent })
  if (scene.isDead()) {
    fails(scene.when('dead'), 'unknown_number', true)
    return
  }
  if (scene.happens('unreachable')) {
    fails(scene.when('unreachable'), 'handset_unreachable', false)
    return
  }
  const delivered = scene.when('delivered', scene.when('sent'))
  if (scene.isTooLate(delivered)) {
    fails(delivered, 'expired', false)
    return
  }
  scene.tell(delivered, 'delivered')
  const { from = '', to } = scene.outgoing
  if (scene.happens('stop')) {
    scene.tell(scene.when('stop', delivered), 'stop', { from: to.value, to: from, text: 'STOP' })
    return
  }
  if (!scene.happens('act', scene.taste)) {
    if (scene.happens('writeBack', scene.taste))
      scene.tell(scene.when('writeBack', delivered), 'reply', {
        ...{ from: to.value, to: from },
        text: wordsOf(scene.outgoing),
      })
    return
  }
  const at = scene.when('act', delivered)
  if (scene.asks.link) {
    scene.followLink(at, 'click')
    return
  }
  if (scene.asks.reply || scene.asks.acknowledgement) {
    scene.tell(at, 'reply', {
      from: to.value,
      to: from,
      text: scene.outgoing.language === 'fr' ? 'OK, bien reçu' : 'OK',
    })
  }
}

function playEmail(scene: Scene): void {
  if (scene.isDead()) {
    scene.tell(scene.when('dead'), 'bounced', { code: 'unknown_mailbox', status: '5.1.1', permanent: true })
    return
  }
  let delivered = scene.when('delivered')
  if (scene.happens('deferred')) {
    const deferred = scene.when('deferred')
    scene.tell(deferred, 'deferred', { code: 'greylisted', status: '4.7.1' })
    delivered = scene.when('retried', deferred)
  }
  if (scene.isTooLate(delivered)) {
    scene.tell(delivered, 'failed', { code: 'expired', permanent: false })
    return
  }
  scene.tell(delivered, 'delivered')
  const isMeasured = scene.outgoing.trackingMode === 'individual'
  if (isMeasured && scene.happens('machineOpen')) {
    scene.tell(scene.when('machineOpen', delivered), 'open', { machine: true }, 'open:machine')
  }
  if (scene.happens('complaint')) {
    scene.tell(scene.when('complaint', delivered), 'complaint')
    return
  }
  const acts = scene.asks.link && scene.happens('act', scene.taste)
  const at = scene.when('act', delivered)
  if (isMeasured && (acts || scene.happens('open', scene.taste))) {
    // Who clicks has opened before.
    scene.tell(Math.min(scene.when('open', delivered), acts ? at - 1000 : Infinity), 'open', { machine: false })
  }
  if (acts) {
    scene.followLink(at, 'click')
    return
  }
  if (scene.happens('unsubscribe')) {
    scene.tell(scene.when('unsubscribe', delivered), 'unsubscribe')
    return
  }
  const answers = scene.asks.reply && scene.happens('reply', scene.taste)
  if (answers || scene.happens('writeBack', scene.taste))
    scene.tell(scene.when(answers ? 'reply' : 'writeBack', delivered), 'reply', {
      ...{ text: wordsOf(scene.outgoing), subject: subjectOf(scene.outgoing.content), by: 'return_address' },
    })
}

function playPrint(scene: Scene): void {
  const printed = scene.when('printed')
  const posted = scene.when('posted', printed)
  if (scene.happens('printed')) scene.tell(printed, 'printed')
  // A shop that hands over late, or never, is somebody's own story to tell.
  if (scene.happens('posted')) scene.tell(posted, 'posted')
  if (scene.isDead()) {
    const isUnknown = draw('returned', scene.outgoing.to.value) < 0.6
    scene.tell(scene.when('dead', posted), 'returned', { reason: isUnknown ? 'UNKNOWN_RECIPIENT' : 'ADDRESS_DEFECT' })
    return
  }
  if (scene.asks.link && scene.happens('act', scene.taste)) scene.followLink(scene.when('act', posted), 'scan')
}

function playIntranet(scene: Scene): void {
  if (scene.happens('act', scene.taste)) scene.tell(scene.when('act'), 'read')
}

function playScreen(scene: Scene): void {
  if (!scene.happens('shown')) return
  const shown = scene.when('shown')
  if (scene.isTooLate(shown)) return
  scene.tell(shown, 'shown')
  if (!scene.happens('act', scene.taste)) return
  const at = scene.when('act', shown)
  if (!scene.isTooLate(at)) scene.tell(at, scene.asks.acknowledgement ? 'acknowledge' : 'read')
}

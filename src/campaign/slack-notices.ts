import { Temporal } from 'temporal-polyfill'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { regionShares } from './agenda.ts'
import { slackOn } from './slack.ts'

/** A step that comes when many are away: it may be read later, or never. */
export interface SlackNotice {
  code: 'slack.august' | 'slack.bridge' | 'slack.closed'
  step: string
  at: Date
  /** 0 … 1 of the people who are away by their calendar; 1 in August, which is everybody’s. */
  share: number
  message: string
}

/** Below this share of the people a bridge or a holiday of some region is not worth a word. */
const worthSaying = 0.2

/** The steps of a plan that fall into August, on a day off or on a bridge, each once; days by the network’s zone. */
export async function slackNotices(
  tx: Tx,
  network: Network,
  steps: readonly { step: string; at: Date | undefined }[],
): Promise<SlackNotice[]> {
  const regions = await regionShares(tx, network.id)
  const found = new Map<string, SlackNotice>()
  for (const { step, at } of steps) {
    if (!at) continue
    const date = Temporal.Instant.fromEpochMilliseconds(at.getTime())
      .toZonedDateTimeISO(network.timezone)
      .toPlainDate()
      .toString()
    const slack = slackOn(date, regions, network.settings.closures ?? [], network.language)
    const add = (code: SlackNotice['code'], share: number, message: string) => {
      const key = `${step} ${code}`
      if (!found.has(key)) found.set(key, { code, step, at, share, message })
    }
    const percent = (share: number) => `${Math.round(share * 100)} %`
    if (slack.isAugust) add('slack.august', 1, `Step "${step}" comes on ${date}, in August: many are away.`)
    if (slack.closed >= worthSaying)
      add('slack.closed', slack.closed, `Step "${step}" comes on ${date}, a day off for ${percent(slack.closed)}.`)
    if (slack.bridge >= worthSaying)
      add(
        'slack.bridge',
        slack.bridge,
        `Step "${step}" comes on ${date}, between a holiday and a weekend: ${percent(slack.bridge)} may have taken it off.`,
      )
  }
  return [...found.values()]
}

import type { Channel, Content, Outgoing, Receipt } from '../src/channel.ts'
import { refuseWrongContent, refuseWrongMode } from './wrong-mode.ts'

export type ContentOf<Name extends Content['channel']> = Extract<Content, { channel: Name }>

/** A delivery whose content is this channel's. */
export interface Carried<Name extends Content['channel']> {
  outgoing: Outgoing
  content: ContentOf<Name>
}

/**
 * The hand-over of a provider, call by call. Its SDK is loaded and its connection opened at the first use, before
 * anything leaves: only that may throw. What this provider must not carry is refused before. `group` says what goes in
 * one call; `sendGroup` gives one receipt for each of a group, in order.
 */
export function inCalls<Name extends Content['channel'], Connection>(
  name: Name,
  connect: () => Promise<Connection>,
  group: (carried: readonly Carried<Name>[]) => Carried<Name>[][],
  sendGroup: (connection: Connection, group: readonly Carried<Name>[]) => Promise<Receipt[]>,
) {
  let opened: Promise<Connection> | undefined
  const connection = () => {
    opened ??= connect().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  const isOurs = (content: Content): content is ContentOf<Name> => content.channel === name

  const send: Channel['send'] = async (deliveries) => {
    if (deliveries.length === 0) return []
    const line = await connection()
    const receipts = new Map<Outgoing, Receipt>()
    const carried: Carried<Name>[] = []
    for (const outgoing of deliveries) {
      const wrong = refuseWrongMode('live', outgoing)
      if (wrong) receipts.set(outgoing, wrong)
      else if (!isOurs(outgoing.content)) receipts.set(outgoing, refuseWrongContent(name, outgoing))
      else carried.push({ outgoing, content: outgoing.content })
    }
    for (const some of group(carried)) {
      const answers = await sendGroup(line, some)
      for (const [index, { outgoing }] of some.entries())
        receipts.set(outgoing, answers[index] ?? { outcome: 'unknown', reason: 'no_receipt_from_adapter' })
    }
    return deliveries.map((outgoing) => receipts.get(outgoing) ?? { outcome: 'unknown', reason: 'no_receipt' })
  }
  /** Which deliveries share a call; what this channel cannot carry is a call of its own, to be refused. */
  const calls = (deliveries: readonly Outgoing[]): Outgoing[][] => {
    const carried: Carried<Name>[] = []
    const others: Outgoing[][] = []
    for (const outgoing of deliveries) {
      if (isOurs(outgoing.content)) carried.push({ outgoing, content: outgoing.content })
      else others.push([outgoing])
    }
    return [...group(carried).map((some) => some.map(({ outgoing }) => outgoing)), ...others]
  }
  const open = async () => void (await connection())
  return { send, open, calls, connection, opened: () => opened }
}

import type { Context, Network } from '../context.ts'
import { type Suppression, suppressionsOf } from '../network/suppression.ts'
import type { Claimed } from './claim.ts'

type Closure = Pick<Suppression, 'scope' | 'channel' | 'senderId' | 'topic'>

const keyOf = ({ scope, channel, senderId, topic }: Closure) => `${scope} ${channel} ${senderId} ${topic}`

/**
 * The deliveries of a claimed batch, by id, to whose phone or mailbox something has been closed that their claim did not
 * see. On PostgreSQL a STOP may be committed after the claim has read and before it is over, and on either database
 * while words are rendered: asked again here, at the last moment, nothing leaves after a STOP was confirmed.
 */
export async function closedSince({ db }: Context, network: Network, batch: readonly Claimed[]): Promise<Set<string>> {
  const doors = batch.flatMap((claimed) => {
    const { channel, delivery, people } = claimed
    if (channel.isLocal || (delivery.channel !== 'sms' && delivery.channel !== 'email')) return []
    return people.flatMap(({ routable }) => {
      const address = delivery.channel === 'sms' ? routable.mobile : routable.email
      return address ? [{ deliveryId: delivery.id, hash: address.hash, seen: routable.suppressions }] : []
    })
  })
  const closed = await suppressionsOf(db, network.id, [...new Set(doors.map(({ hash }) => hash))])
  const isNew = ({ hash, seen }: (typeof doors)[number]) => {
    const known = new Set(seen.filter(({ addressHash }) => addressHash === hash).map(keyOf))
    return (closed.get(hash) ?? []).some((closure) => !known.has(keyOf(closure)))
  }
  return new Set(doors.filter(isNew).map(({ deliveryId }) => deliveryId))
}

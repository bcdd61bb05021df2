import type { Channel, Content, Outgoing, Receipt } from '../src/channel.ts'
import { refuseWrongContent, refuseWrongMode } from './wrong-mode.ts'

type ContentOf<Name extends Content['channel']> = Extract<Content, { channel: Name }>

/**
 * The hand-over of a provider that takes one message a call. Its SDK is loaded and its connection opened at the
 * first use, before anything leaves: only that may throw. What this provider must not carry is refused before.
 */
export function oneByOne<Name extends Content['channel'], Connection>(
  name: Name,
  connect: () => Promise<Connection>,
  sendOne: (connection: Connection, outgoing: Outgoing, content: ContentOf<Name>) => Promise<Receipt>,
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
    const receipts: Receipt[] = []
    if (deliveries.length === 0) return receipts
    const line = await connection()
    for (const outgoing of deliveries) {
      const wrong = refuseWrongMode('live', outgoing)
      if (wrong) receipts.push(wrong)
      else if (!isOurs(outgoing.content)) receipts.push(refuseWrongContent(name, outgoing))
      else receipts.push(await sendOne(line, outgoing, outgoing.content))
    }
    return receipts
  }
  const open = async () => void (await connection())
  return { send, open, connection, opened: () => opened }
}

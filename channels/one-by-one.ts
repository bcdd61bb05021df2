import type { Content, Outgoing, Receipt } from '../src/channel.ts'
import { type ContentOf, inCalls } from './in-calls.ts'

/** The hand-over of a provider that takes one message a call. */
export const oneByOne = <Name extends Content['channel'], Connection>(
  name: Name,
  connect: () => Promise<Connection>,
  sendOne: (connection: Connection, outgoing: Outgoing, content: ContentOf<Name>) => Promise<Receipt>,
) =>
  inCalls(
    name,
    connect,
    (carried) => carried.map((one) => [one]),
    (connection, group) => Promise.all(group.map(({ outgoing, content }) => sendOne(connection, outgoing, content))),
  )

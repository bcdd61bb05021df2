import { setTimeout as pause } from 'node:timers/promises'
import { post } from './providers/server.ts'
import type { Server, Stand } from './stand.ts'

const eventsPerCall = 100

/**
 * SendGrid’s part after a mail was taken: `processed` is told of each, signed, again and again until whoever serves
 * answers that it has it. `stop` resolves once everything taken so far was told.
 */
export function tellOfMails(stand: Stand) {
  const told = new Set<string>()
  let port: number | undefined
  let isOver = false
  const untold = () => stand.sendgrid.mails.filter(({ id }) => !told.has(id)).slice(0, eventsPerCall)
  const telling = (async () => {
    while (!isOver) {
      const some = untold()
      if (some.length === 0 || port === undefined) {
        await pause(50)
        continue
      }
      const at = stand.now()
      const events = some.map((mail) => stand.sendgrid.eventOf(mail, 'processed', at))
      const answer = await post(stand.sendgrid.events(stand.publicUrl, events, at), `http://127.0.0.1:${port}`).catch(
        () => undefined,
      )
      if (answer?.status === 204) for (const { id } of some) told.add(id)
      else await pause(100)
    }
  })()
  return {
    /** Who serves now. */
    to: (server: Server) => {
      server.ready().then(
        (listening) => {
          port = listening
        },
        () => undefined,
      )
    },
    isThrough: () => untold().length === 0,
    stop: async () => {
      isOver = true
      await telling
    },
  }
}

import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** What the relay does with the next mail. From `hang-after-data` on, it has read the whole message. */
export type SmtpFault =
  | { at: 'rcpt' | 'data'; reply: number; message: string }
  | { at: 'hang-before-data' | 'close-before-data' | 'hang-after-data' | 'close-after-data' }

export interface FakeSmtpMail {
  from: string
  to: string[]
  raw: string
}

export type FakeSmtp = Awaited<ReturnType<typeof startSmtp>>

/** A real SMTP server in this process. */
export async function startSmtp(options: { user?: string; password?: string } = {}) {
  const mails: FakeSmtpMail[] = []
  const next: SmtpFault[] = []
  const kill = (server: SMTPServer) => {
    for (const connection of server.connections)
      (connection as unknown as { _socket: { destroy(): void } })._socket.destroy()
  }
  const replyOf = (fault: { reply: number; message: string }) =>
    Object.assign(new Error(fault.message), { responseCode: fault.reply })
  const server: SMTPServer = new SMTPServer({
    authOptional: options.user === undefined,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    hideSize: true,
    onAuth: (auth, _session, done) => {
      const isRight = auth.username === options.user && auth.password === options.password
      if (isRight) done(null, { user: auth.username ?? '' })
      else done(Object.assign(new Error('5.7.8 Authentication failed'), { responseCode: 535 }))
    },
    onRcptTo: (_address, _session, done) => {
      const [fault] = next
      if (fault?.at === 'rcpt') {
        next.shift()
        return done(replyOf(fault))
      }
      if (fault?.at === 'hang-before-data') {
        next.shift()
        return
      }
      if (fault?.at === 'close-before-data') {
        next.shift()
        return kill(server)
      }
      done()
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const fault = next.shift()
        if (fault?.at === 'data') return done(replyOf(fault))
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map((recipient) => recipient.address),
          raw: Buffer.concat(chunks).toString(),
        })
        if (fault?.at === 'hang-after-data') return
        if (fault?.at === 'close-after-data') return kill(server)
        done()
      })
    },
  })
  // What the tests break on purpose is no error of the server.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const credentials = options.user === undefined ? '' : `${options.user}:${options.password}@`
  return {
    url: `smtp://${credentials}127.0.0.1:${port}`,
    mails,
    /** The next mails meet these, one each. */
    fail: (...planned: SmtpFault[]) => {
      next.push(...planned)
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        kill(server)
      }),
  }
}

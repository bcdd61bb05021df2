import { readFileSync } from 'node:fs'
import { type Envelope, readMail } from '../../src/mail-in/read-mail.ts'

/** Where a fixture's `{to}`, `{reply}` and `{id}` lead. */
export interface Filled {
  to?: string
  reply?: string
  id?: string
}

/** A mail of `mails/`, as its bytes. */
export function rawMail(name: string, { to, reply, id }: Filled = {}): Buffer {
  const text = readFileSync(new URL(`mails/${name}.eml`, import.meta.url), 'latin1')
  return Buffer.from(
    text
      .replaceAll('{to}', to ?? 'reponses@example.com')
      .replaceAll('{reply}', reply ?? 'reseau@horizon.example')
      .replaceAll('{id}', id ?? 'inconnu@example.com'),
    'latin1',
  )
}

export const mailNamed = (name: string, filled?: Filled, envelope?: Envelope) =>
  readMail(rawMail(name, filled), envelope)

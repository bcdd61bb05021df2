import { createHash } from 'node:crypto'
import type { Random } from '../random.ts'

export const deviceCookie = 'relais_device'
export const deviceDays = 180

const markOf = (email: string): string =>
  createHash('sha256').update(`device:${email}`).digest('base64url').slice(0, 22)

/** What a browser keeps, signed, once somebody signed in with it: it counts its own tries at their password. */
export const newDevice = (email: string, random: Random): string =>
  `${markOf(email)}.${Buffer.from(random.bytes(16)).toString('base64url')}`

/** The device's name, if it is known for this address. */
export function deviceFor(value: string | false | undefined, email: string): string | undefined {
  const [mark, name] = value ? value.split('.') : []
  return mark === markOf(email) && name ? name : undefined
}

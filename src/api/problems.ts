import type { z } from 'zod'
import { ApiProblem, type Fault } from '../http/problem.ts'

/** A list that says who may ask is cheaper than a guess: 401 always names the scheme (RFC 6750, 3). */
const challenge = (error?: string): Record<string, string> => ({
  'www-authenticate': error ? `Bearer realm="Relais", error="${error}"` : 'Bearer realm="Relais"',
})

export const noCredentials = () =>
  new ApiProblem(401, {
    code: 'no-credentials',
    title: 'Who are you?',
    detail: 'Send an API key as a bearer, Authorization: Bearer rl_…, or sign in.',
    headers: challenge(),
  })

const refusals = {
  unknown: ['unknown-key', 'Unknown key', 'This is no key of this installation. Copy it again, whole.'],
  expired: ['expired-key', 'Expired key', 'This key has expired. An owner makes a new one under Settings, API keys.'],
  revoked: ['revoked-key', 'Revoked key', 'This key was revoked. An owner makes a new one under Settings, API keys.'],
} as const

export function refusedKey(why: keyof typeof refusals): ApiProblem {
  const [code, title, detail] = refusals[why]
  return new ApiProblem(401, { code, title, detail, headers: challenge('invalid_token') })
}

export const tooManyCalls = (waitMs: number, perMinute: number) => {
  const seconds = Math.ceil(waitMs / 1_000)
  return new ApiProblem(429, {
    code: 'too-many-calls',
    title: 'Too many calls',
    detail: `This key may call ${perMinute} times a minute. Come back in ${seconds} seconds.`,
    headers: { 'retry-after': String(seconds) },
  })
}

export const notGiven = (permission: string) =>
  new ApiProblem(403, {
    code: 'not-given',
    title: 'Not given to this key',
    detail: `This needs ${permission}, which this key was not given. An owner makes one that has it.`,
    headers: challenge('insufficient_scope'),
  })

export const fromAnotherSite = () =>
  new ApiProblem(403, {
    code: 'another-site',
    title: 'Sent by another site',
    detail: 'With a session, only pages of this site may change anything. Programs use an API key.',
  })

const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Every fault a schema found, each with its place; an unknown name is a fault of its own. */
export function faultsOf(error: z.core.$ZodError, where: Fault['in']): Fault[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          in: where,
          pointer: pointerOf([...issue.path, key]),
          detail: `"${key.slice(0, 64)}" is not known here.`,
        }))
      : [{ in: where, pointer: pointerOf(issue.path), detail: issue.message }],
  )
}

export const invalid = (errors: readonly Fault[]) =>
  new ApiProblem(422, {
    code: 'invalid',
    title: 'Not as it must be',
    detail: errors.length === 1 ? (errors[0]?.detail ?? '') : `${errors.length} things are wrong; see errors.`,
    errors,
  })

export const badBody = (detail: string) =>
  new ApiProblem(400, { code: 'unreadable-body', title: 'Unreadable body', detail })

export const wrongType = () =>
  new ApiProblem(415, {
    code: 'wrong-type',
    title: 'Wrong media type',
    detail: 'Send JSON, with Content-Type: application/json.',
  })

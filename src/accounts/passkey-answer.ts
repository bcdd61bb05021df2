import { z } from 'zod'

/** Longer than any passkey's answer. */
const longest = 20_000
const text = z.string().max(longest)
const shared = {
  id: text,
  rawId: text,
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}).default({}),
}

/** What a browser answers to `navigator.credentials.get` (WebAuthn Level 3, AuthenticationResponseJSON). */
const signInAnswer = z.object({
  ...shared,
  response: z.object({ clientDataJSON: text, authenticatorData: text, signature: text, userHandle: text.optional() }),
})

/** What it answers to `navigator.credentials.create` (RegistrationResponseJSON). */
const newPasskeyAnswer = z.object({
  ...shared,
  response: z.object({
    clientDataJSON: text,
    attestationObject: text,
    transports: z.array(z.string().max(40)).max(10),
  }),
})

function parse<T extends z.ZodType>(schema: T, posted: string): z.infer<T> | undefined {
  if (posted.length > longest) return undefined
  try {
    return schema.safeParse(JSON.parse(posted)).data
  } catch {
    return undefined
  }
}

/** The posted answer, or undefined when it is none. */
export const parseSignInAnswer = (posted: string) => parse(signInAnswer, posted)
export const parseNewPasskeyAnswer = (posted: string) => parse(newPasskeyAnswer, posted)

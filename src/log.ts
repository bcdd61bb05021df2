import { destination, type Logger, pino } from 'pino'

/** What may stand in an error's message though nobody wrote it into a log: of people, in what a database or provider says. */
const personal: readonly [RegExp, string][] = [
  // drizzle quotes the values of a query that failed: all that is known of a person.
  [/\nparams: [\s\S]*/g, '\nparams: (left out)'],
  // A unique index that is violated names the values (PostgreSQL's DETAIL).
  [/(Key \([^)]*\)=)\([^)]*\)/g, '$1(left out)'],
  [/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+\.[a-z]{2,}/gi, '(mailbox)'],
  [/\+\d{8,15}\b/g, '(phone)'],
  [/\b0\d(?:[ .]?\d\d){4}\b/g, '(phone)'],
]

const withoutPeople = (text: string): string =>
  personal.reduce((masked, [pattern, instead]) => masked.replace(pattern, instead), text)

interface Told {
  type: string
  code?: string | number
  message: string
  stack?: string
  cause?: Told
}

/** An error as a log may hold it: what and where, without the values it was about. */
export function errorForLog(error: unknown): Told {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutPeople(String(error)) }
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: withoutPeople(error.message),
    ...(error.stack ? { stack: withoutPeople(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: errorForLog(error.cause) }),
  }
}

/**
 * The log of a process: one JSON record a line on stderr. People are named by their ids only; of an error nothing is
 * kept but its name, code, message and stack, without mailboxes, phones and values of queries (OWASP ASVS 5.0, 16.2.5).
 */
export const createLog = (level: string, to = destination({ dest: 2, sync: true })): Logger =>
  pino({ level, base: undefined, serializers: { err: errorForLog } }, to)

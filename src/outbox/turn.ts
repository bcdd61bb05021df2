import { and, eq, inArray } from 'drizzle-orm'
import type { Person } from '../audience/people.ts'
import { earliestFor } from '../campaign/moments.ts'
import type { Tx } from '../db/index.ts'
import { decisions, type stepRuns } from '../db/schema.ts'
import { afterLetter, delayedTo, lettersFor } from './letters.ts'
import type { Step } from './step.ts'

/** Of a page of people: whose turn it is, and how many wait for a letter of theirs to be posted. */
export interface Turn {
  people: Person[]
  awaiting: number
  /** The step, with what is known of their letters. */
  step: Step
}

/**
 * Whom a step decides now. One that waits for letters comes to its audience again and again: whoever it has decided is
 * passed over, whoever's letter is not handed over waits on, unless somebody said to wait no more.
 */
export async function whoseTurn(
  tx: Tx,
  step: Step,
  run: Pick<typeof stepRuns.$inferSelect, 'isReleased'>,
  chosen: Person[],
): Promise<Turn> {
  const letters = await lettersFor(tx, step, chosen)
  if (!letters) return { people: chosen, awaiting: 0, step }
  const left = await undecided(tx, step, chosen)
  if (run.isReleased) return { people: left, awaiting: 0, step }
  const people = left.filter((person) => !letters.of(person.contact.id)?.isPending)
  return { people, awaiting: left.length - people.length, step: { ...step, letters } }
}

/** Those of a page whom a message has not been decided for. */
export async function undecided(tx: Tx, step: Step, people: Person[]): Promise<Person[]> {
  if (people.length === 0) return people
  const rows = await tx
    .select({ contactId: decisions.contactId })
    .from(decisions)
    .where(
      and(
        eq(decisions.networkId, step.network.id),
        eq(decisions.messageId, step.message.id),
        eq(decisions.occurrence, step.message.occurrence),
        inArray(
          decisions.contactId,
          people.map((person) => person.contact.id),
        ),
      ),
    )
  const known = new Set(rows.map((row) => row.contactId))
  return people.filter((person) => !known.has(person.contact.id))
}

/** From when on a step may reach somebody, and the step as it is then: neither before its date nor too soon after a letter. */
export function earliestTurn(step: Step, person: Person, now: Date): { at: Date; step: Step } {
  const planned = earliestFor(step, person.site, now)
  const letter = step.letters?.of(person.contact.id)
  if (!letter || letter.isPending) return { at: planned, step }
  const at = afterLetter(step, person, letter.postedAt)
  return { at: at > planned ? at : planned, step: delayedTo(step, at) }
}

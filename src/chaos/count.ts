import type { Stand } from './stand.ts'

export interface Count {
  lost: number
  extra: number
  /** How many deliveries ended in each state, with its reason. */
  states: Record<string, number>
}

/** States that say what became of a message that did not leave: somebody sees it and can act. */
const saysSo = new Set(['needs_review', 'failed', 'suppressed', 'expired', 'canceled'])
/** States a message may be in once its provider has it. */
const saysAccepted = new Set(['accepted', 'sent', 'delivered'])

/**
 * Holds the deliveries beside what the providers took. Lost: promised without a row, said to be accepted though no
 * provider has it, or left in a state that is neither. Extra: every accept beyond one per delivery, and every accept
 * that belongs to none.
 */
export async function count(
  stand: Stand,
  promised: number,
  channels: readonly ('sms' | 'email')[] = ['sms', 'email'],
): Promise<Count> {
  const rows = await stand.stored<{ id: string; status: string; reason: string | null }>(
    `select id, status, reason from deliveries where channel in (${channels.map((name) => `'${name}'`).join()})`,
  )
  const accepts = new Map<string, number>()
  const taken = [
    ...stand.twilio.messages.map(({ form }) => new URL(form.StatusCallback ?? 'none:').searchParams.get('d') ?? ''),
    ...stand.sendgrid.mails.map(({ customArgs }) => customArgs.delivery_id ?? ''),
  ]
  for (const id of taken) accepts.set(id, (accepts.get(id) ?? 0) + 1)
  const known = new Set(rows.map(({ id }) => id))
  let lost = Math.max(0, promised - rows.length)
  let extra = Math.max(0, rows.length - promised)
  const states: Record<string, number> = {}
  for (const { id, status, reason } of rows) {
    const state = reason === null ? status : `${status} (${reason})`
    states[state] = (states[state] ?? 0) + 1
    const times = accepts.get(id) ?? 0
    const isTold = saysSo.has(status) || (times > 0 && saysAccepted.has(status))
    if (!isTold) lost++
    extra += Math.max(0, times - 1)
  }
  for (const [id, times] of accepts) if (!known.has(id)) extra += times
  return { lost, extra, states }
}

export const statesText = (states: Record<string, number>): string =>
  Object.entries(states)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([state, many]) => `${many} ${state}`)
    .join(', ')

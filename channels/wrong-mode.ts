import type { Channel, Outgoing, Receipt } from '../src/channel.ts'

/**
 * The refusal for a delivery this adapter must not carry: a sandbox delivery never leaves by a live provider,
 * and nothing live is left to a simulated one, whatever else is configured.
 */
export function refuseWrongMode(serves: Channel['serves'], outgoing: Outgoing): Receipt | undefined {
  if (serves === 'both' || serves === outgoing.mode) return undefined
  return {
    outcome: 'refused',
    code: 'wrong_mode',
    permanent: true,
    detail: `This provider serves ${serves} networks; the delivery belongs to a ${outgoing.mode} one.`,
  }
}

/** The refusal for content made for another channel: an error of the caller, which sending again cannot mend. */
export const refuseWrongContent = (expected: string, outgoing: Outgoing): Receipt => ({
  outcome: 'refused',
  code: 'wrong_content',
  permanent: true,
  detail: `Expected ${expected} content, got ${outgoing.content.channel}.`,
})

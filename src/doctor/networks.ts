import { and, count, eq } from 'drizzle-orm'
import { contacts, networks, senders } from '../db/schema.ts'
import type { ChannelName } from '../words.ts'
import type { Examination, Finding } from './finding.ts'

const carried: readonly ChannelName[] = ['sms', 'email']

/** What each network can send with, and what the law asks of it before marketing leaves. */
export const examineNetworks: Examination = async ({ context: { db } }) => {
  const findings: Finding[] = []
  for (const network of await db.select().from(networks)) {
    const about = `network ${network.name}`
    const [people] = await db.select({ count: count() }).from(contacts).where(eq(contacts.networkId, network.id))
    findings.push({
      about,
      health: 'ok',
      says: `${network.mode === 'live' ? 'Live' : 'Sandbox, nothing of it leaves'}; ${people?.count ?? 0} contacts.`,
    })
    if (network.mode !== 'live') continue
    for (const channel of carried) {
      const own = await db
        .select({ name: senders.name, isTwoWay: senders.isTwoWay })
        .from(senders)
        .where(and(eq(senders.networkId, network.id), eq(senders.channel, channel)))
      if (own.length === 0)
        findings.push({
          about,
          health: 'warn',
          says: `It has no sender for ${channel}: what routing gives that channel is held.`,
          mend: 'Add one in the settings of the network, or set the credentials in the environment.',
        })
      else if (channel === 'sms' && !network.settings.stopNumber && !own.some((sender) => sender.isTwoWay))
        findings.push({
          about,
          health: 'warn',
          says: 'Its SMS senders take no answer and no STOP number is set: French marketing SMS are refused.',
          mend: `Set it: relais network set ${network.name} --stop-number 36…`,
        })
    }
  }
  if (findings.length === 0)
    findings.push({
      about: 'networks',
      health: 'unset',
      says: 'There is none yet: an import or the first start makes one.',
    })
  return findings
}

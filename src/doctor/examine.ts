import type { Relais } from '../main.ts'
import { examineBreakers } from './breakers.ts'
import type { Examination, Finding } from './finding.ts'
import { examineMailIn } from './mail-in.ts'
import { examineNetworks } from './networks.ts'
import { examineAccounts, examineProviders } from './providers.ts'
import { examineRedis } from './redis.ts'
import { examineRetention } from './retention.ts'
import { examineSettings } from './settings.ts'
import { examineStorage } from './storage.ts'
import { examineWebhooks } from './webhooks.ts'
import { examineWork } from './work.ts'

/** Everything in turn. An examination that breaks is itself a finding, and the others go on. */
export async function examine(relais: Relais, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const examinations: Record<string, Examination> = {
    settings: examineSettings(env),
    storage: examineStorage,
    redis: examineRedis,
    networks: examineNetworks,
    work: examineWork,
    retention: examineRetention,
    webhooks: examineWebhooks,
    breakers: examineBreakers,
    providers: examineProviders,
    mailIn: examineMailIn,
    accounts: examineAccounts,
  }
  const findings: Finding[] = []
  for (const [about, look] of Object.entries(examinations)) {
    try {
      findings.push(...(await look(relais)))
    } catch (error) {
      relais.context.log.error({ err: error, about }, 'An examination broke')
      findings.push({ about, health: 'bad', says: 'It could not be looked at; the log says why.' })
    }
  }
  return findings
}

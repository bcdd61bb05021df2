import { eq } from 'drizzle-orm'
import type { ProviderCheck } from '../channel.ts'
import { networks } from '../db/schema.ts'
import { accountsOf, credentialsOf } from '../network/secrets.ts'
import type { Examination, Finding } from './finding.ts'

const cures: Record<Extract<ProviderCheck, { isGood: false }>['code'], [says: string, mend: string]> = {
  credentials: ['refuses the credentials', 'Copy them again from the provider’s console.'],
  api_key: ['refuses the API key', 'Make a new key with its secret, or leave both out to use the token.'],
  permission: ['does not let this key send', 'Give the key the permission to send.'],
  suspended: ['says that the account is closed or suspended', 'Ask the provider.'],
  unreachable: ['cannot be reached', 'Check the way out: firewall, proxy, name resolution.'],
  unexpected: ['answers in a way nobody expects', 'Check the address it is asked at; something may stand between.'],
}

function told(about: string, provider: string, check: ProviderCheck): Finding {
  if (check.isGood)
    return {
      about,
      health: 'ok',
      says: `${provider} takes the credentials${check.account ? ` of ${check.account}` : ''}.`,
    }
  const [says, mend] = cures[check.code]
  return { about, health: 'bad', says: `${provider} ${says}${check.status ? ` (${check.status})` : ''}.`, mend }
}

/** Asks each provider of the environment something that costs nothing and sends nothing. */
export const examineProviders: Examination = async ({ config, checkProvider }) => {
  const findings: Finding[] = []
  const { twilio, sendgrid, smtp } = config
  if (twilio) findings.push(told('sms', 'Twilio', await checkProvider('twilio')))
  else findings.push({ about: 'sms', health: 'unset', says: 'No TWILIO_… is set: SMS stay in the local outbox.' })
  if (sendgrid) findings.push(told('email', 'SendGrid', await checkProvider('sendgrid')))
  if (sendgrid && !sendgrid.webhookPublicKey)
    findings.push({
      about: 'email',
      health: 'bad',
      says: 'SENDGRID_WEBHOOK_PUBLIC_KEY is not set: bounces, complaints and unsubscribes are turned away.',
      mend: 'Switch the signed event webhook on at SendGrid and set its public key.',
    })
  if (smtp) findings.push(told('email', 'The SMTP relay', await checkProvider('smtp')))
  if (!sendgrid && !smtp)
    findings.push({
      about: 'email',
      health: 'unset',
      says: 'Neither SENDGRID_API_KEY nor SMTP_URL is set: e-mail stays in the local outbox.',
    })
  return findings
}

/** Asks the providers of the accounts that networks have stored. */
export const examineAccounts: Examination = async ({ context: { db, vault, carriers } }) => {
  const findings: Finding[] = []
  for (const network of await db.select().from(networks).where(eq(networks.mode, 'live'))) {
    for (const { provider, isReadable } of await accountsOf(db, vault, network.id)) {
      const about = `${provider} of ${network.name}`
      const credentials = isReadable ? await credentialsOf(db, vault, network.id, provider) : undefined
      findings.push(
        credentials
          ? told(about, provider, await carriers.check(credentials))
          : {
              about,
              health: 'bad',
              says: 'The stored credentials were sealed under another RELAIS_SECRET: what they should carry waits.',
              mend: 'Start with the old secret in RELAIS_SECRET_OLD and run relais secrets rotate, or enter them again.',
            },
      )
    }
  }
  return findings
}

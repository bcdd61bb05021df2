import type { Twilio } from 'twilio'
import type { ProviderCheck } from '../../src/channel.ts'
import { neverLeft } from '../connection.ts'
import { connect, type TwilioSettings } from './twilio.ts'

const TIMEOUT = 8_000

/**
 * Asks Twilio for the account, which costs nothing and changes nothing. An API key may not read accounts
 * (twilio.com/docs/iam/api-keys), so the account is asked for with its token, and the key for one message.
 */
export async function checkTwilio(settings: TwilioSettings): Promise<ProviderCheck> {
  const patient = { ...settings, timeoutMs: settings.timeoutMs ?? TIMEOUT }
  let account: string | undefined
  try {
    account = await asked(patient, 'token', async (client) => {
      const found = await client.api.v2010.accounts(settings.accountSid).fetch()
      return found.status === 'active' ? found.friendlyName : undefined
    })
    if (account === undefined) return { isGood: false, code: 'suspended' }
  } catch (error) {
    return failed(error, 'credentials')
  }
  if (settings.apiKey === undefined) return { isGood: true, account }
  try {
    await asked(patient, 'key', (client) => client.messages.list({ limit: 1, pageSize: 1 }))
    return { isGood: true, account }
  } catch (error) {
    return failed(error, 'api_key')
  }
}

async function asked<T>(
  settings: TwilioSettings,
  signedBy: 'key' | 'token',
  question: (client: Twilio) => Promise<T>,
): Promise<T> {
  const { client, close } = await connect(settings, signedBy)
  try {
    return await question(client)
  } finally {
    await close()
  }
}

/** Nothing of the provider's words is passed on: what was sent may be quoted in them. */
function failed(error: unknown, refused: 'credentials' | 'api_key'): ProviderCheck {
  if (neverLeft(error)) return { isGood: false, code: 'unreachable' }
  const { status } = error as { status?: unknown }
  if (status === 401 || status === 403 || status === 404) return { isGood: false, code: refused }
  return typeof status === 'number'
    ? { isGood: false, code: 'unexpected', status }
    : { isGood: false, code: 'unreachable' }
}

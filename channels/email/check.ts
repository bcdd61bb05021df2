import type { ProviderCheck } from '../../src/channel.ts'
import { neverLeft } from '../connection.ts'
import { connect, type SendGridSettings } from './sendgrid.ts'
import { connect as connectRelay, type SmtpSettings } from './smtp.ts'

const TIMEOUT = 8_000

/** Asks SendGrid what the key may do (GET /v3/scopes); it must be allowed to send. */
export async function checkSendGrid(settings: SendGridSettings): Promise<ProviderCheck> {
  const { client, close } = await connect({ ...settings, timeoutMs: settings.timeoutMs ?? TIMEOUT })
  try {
    const [{ statusCode, body }] = await client.request({ method: 'GET', url: '/v3/scopes' })
    const { scopes } = (body ?? {}) as { scopes?: unknown }
    // A page of somebody else's network is answered with success too.
    if (statusCode !== 200 || !Array.isArray(scopes)) return { isGood: false, code: 'unexpected', status: statusCode }
    return scopes.includes('mail.send') ? { isGood: true } : { isGood: false, code: 'permission' }
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (neverLeft(error) || typeof code !== 'number') return { isGood: false, code: 'unreachable' }
    if (code === 401) return { isGood: false, code: 'credentials' }
    return code === 403 ? { isGood: false, code: 'permission' } : { isGood: false, code: 'unexpected', status: code }
  } finally {
    await close()
  }
}

/** Greets the relay and signs in, without a message. */
export async function checkSmtp(settings: SmtpSettings): Promise<ProviderCheck> {
  const transport = await connectRelay({ ...settings, timeoutMs: settings.timeoutMs ?? TIMEOUT })
  try {
    await transport.verify()
    return { isGood: true }
  } catch (error) {
    const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
    if (code === 'EAUTH') return { isGood: false, code: 'credentials' }
    return typeof responseCode === 'number'
      ? { isGood: false, code: 'unexpected', status: responseCode }
      : { isGood: false, code: 'unreachable' }
  } finally {
    transport.close()
  }
}

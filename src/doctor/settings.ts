import { settingNames } from '../config/names.ts'
import type { Examination, Finding } from './finding.ts'

/** Which settings are set, by name alone, and the oddities found in reading them. */
export const examineSettings =
  (env: NodeJS.ProcessEnv): Examination =>
  async ({ config }) => {
    const set = settingNames.filter((name) => env[name]?.trim() || env[`${name}_FILE`])
    const findings: Finding[] = [
      {
        about: 'settings',
        health: 'ok',
        says: set.length > 0 ? `Set: ${set.join(', ')}.` : 'None is set: everything runs on the embedded defaults.',
      },
      ...config.warnings.map((warning): Finding => ({ about: 'settings', health: 'warn', says: warning })),
    ]
    const isLive = Boolean(config.twilio ?? config.sendgrid ?? config.smtp)
    const address = new URL(config.publicUrl)
    if (isLive && address.protocol !== 'https:')
      findings.push({
        about: 'public address',
        health: 'warn',
        says: `PUBLIC_URL is ${config.publicUrl}: links in messages and sessions travel unencrypted.`,
        mend: 'Put a reverse proxy with a certificate in front and set PUBLIC_URL to its https address.',
      })
    else
      findings.push({ about: 'public address', health: 'ok', says: `Links and callbacks lead to ${config.publicUrl}.` })
    return findings
  }

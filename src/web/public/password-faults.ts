import { longestPassword, passwordFault, shortestPassword } from '../../accounts/password-rules.ts'
import type { Translate } from '../words/index.ts'

/** What is wrong with a new password, in the reader's words; undefined when nothing is. */
export function passwordProblem(t: Translate, password: string, personal: readonly string[]): string | undefined {
  const fault = passwordFault(password, personal)
  if (fault === undefined) return undefined
  if (fault === 'short') return t('passwordFaults.short', { count: shortestPassword })
  if (fault === 'long') return t('passwordFaults.long', { count: longestPassword })
  return t(`passwordFaults.${fault}`)
}

import type { Breaker } from './breaker.ts'

/** What whoever runs the installation is told of an account that takes nothing; in English, like the log. */
export const breakerText = ({ account, channel, provider, reason, openedAt }: Breaker): string =>
  `${provider} (${channel}, account ${account}) has taken nothing since ${openedAt?.toISOString()}: ${reason}. Its messages wait.`

import type { ProviderCheck } from '../../../channel.ts'

/** Why a check failed, as the address of a page may say it. */
export const checkFailures = [
  'credentials',
  'api_key',
  'permission',
  'suspended',
  'unreachable',
  'unexpected',
  'unreadable',
] as const satisfies readonly (Extract<ProviderCheck, { isGood: false }>['code'] | 'unreadable')[]
export type CheckFailure = (typeof checkFailures)[number]

export const isCheckFailure = (code: string | undefined): code is CheckFailure =>
  checkFailures.some((known) => known === code)

import type { CampaignStatus } from '../words.ts'

/** Not launched yet: its text may be changed, and nothing of it leaves. */
export const draftStatuses = ['draft', 'proof', 'approval'] as const satisfies readonly CampaignStatus[]

export const isDraftStatus = (status: CampaignStatus): boolean =>
  (draftStatuses as readonly CampaignStatus[]).includes(status)

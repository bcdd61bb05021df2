import type { Admit } from '../campaign/drafts.ts'
import { LaunchRefused } from '../campaign/launch.ts'
import type { Network } from '../context.ts'
import { latestApproval } from './approve.ts'
import { launchRulesOf, needsApproval } from './rules.ts'
import { snapshotHash } from './snapshot.ts'

/** It may not be launched before somebody has approved these very words. */
export class ApprovalMissing extends LaunchRefused {
  override name = 'ApprovalMissing'
  readonly code: 'approval.missing' | 'approval.changed'

  constructor(code: ApprovalMissing['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Lets a launch pass where the network asks for no approval of it, or the text and the words that are launched are the
 * ones approved, byte for byte: a template changed since closes it. Throws ApprovalMissing.
 */
export const admitApproved =
  (network: Network, campaignId: string): Admit =>
  async (tx, { campaign, people, text, words }) => {
    if (!needsApproval(launchRulesOf(network.settings), campaign, people)) return
    const approval = await latestApproval(tx, network.id, campaignId)
    if (approval?.status !== 'approved')
      throw new ApprovalMissing('approval.missing', `${campaign.name} has to be approved before it is launched.`)
    if (approval.hash !== snapshotHash(text, words))
      throw new ApprovalMissing(
        'approval.changed',
        `The text or a template of ${campaign.name} was changed since it was approved: have it approved again.`,
      )
  }

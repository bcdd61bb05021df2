import { columns } from '../columns.ts'
import { campaigns } from './campaign.ts'
import { createdAt, networkId } from './keys.ts'

const { table, primaryKey, foreignKey, text, integer, json, instant } = columns

/** How each variant went when the choice was made, and what choosing either was expected to lose. */
export interface ExperimentFigures {
  a: { acted: number; people: number }
  b: { acted: number; people: number }
  probabilityB: number
  lossA: number
  lossB: number
  verdict: 'clear' | 'probable' | 'inconclusive'
}

/** Experiments on steps: how much of the audience they are tried on, drawn once, and what was chosen for the rest. */
export const experiments = table(
  'experiments',
  {
    networkId: networkId(),
    campaignId: text('campaign_id').notNull(),
    step: text('step').notNull(),
    /** The audience when the first variant left. */
    audience: integer('audience').notNull(),
    /** Of it, what each variant is tried on: millionths. */
    shareMillionths: integer('share_millionths').notNull(),
    createdAt: createdAt(),
    decidedAt: instant('decided_at'),
    winner: text('winner', { enum: ['a', 'b'] }),
    figures: json('figures').$type<ExperimentFigures>(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.campaignId, t.step] }),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'experiments_campaign_fk',
    }).onDelete('cascade'),
  ],
)

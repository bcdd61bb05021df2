import { columns } from '../columns.ts'
import { createdAt, id, networkId } from './keys.ts'
import { networks } from './network.ts'

const { table, index, uniqueIndex, primaryKey, text, integer, json, instant } = columns

/** What last year's results would have come to under the rules of a draft, kept so that rules go public knowingly. */
export const simulations = table(
  'simulations',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    /** The campaign's name: there may be no campaign yet. */
    campaign: text('campaign').notNull(),
    rulesHash: text('rules_hash').notNull(),
    /** What was replayed. */
    dataHash: text('data_hash').notNull(),
    people: integer('people').notNull(),
    reached: integer('reached').notNull(),
    figures: json('figures').$type<unknown>().notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    /** Why the rules go public although too few or too many would have reached. */
    confirmedReason: text('confirmed_reason'),
    confirmedBy: text('confirmed_by'),
    confirmedAt: instant('confirmed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('simulations_once').on(t.networkId, t.campaign, t.rulesHash, t.dataHash),
    index('simulations_campaign').on(t.networkId, t.campaign, t.createdAt),
  ],
)

import { columns } from '../columns.ts'
import { users } from './accounts.ts'
import { createdAt, id, networkId, updatedAt } from './keys.ts'
import { networks } from './network.ts'

const { table, primaryKey, integer, text, json } = columns

/**
 * The example cases a network keeps beside its routing policy: whom, what and when, and what must come of it. A
 * network without rows is tried by the shipped ones.
 */
export const policyCases = table(
  'policy_cases',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    position: integer('position').notNull(),
    /** Its name, the message, the contact, the moment and what is expected: `src/routing/policy-case.ts`. */
    definition: json('definition').$type<unknown>().notNull(),
    updatedBy: text('updated_by').notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.id] })],
)

/** Rules somebody is still changing; nothing is decided by them until they are saved as a version. */
export const policyDrafts = table(
  'policy_drafts',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The rules and the companions: `src/routing/policy-table.ts`. */
    table: json('table').$type<unknown>().notNull(),
    startedAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.userId] })],
)

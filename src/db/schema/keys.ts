import { columns } from '../columns.ts'
import { newId } from '../id.ts'

const { text, instant } = columns

/** Every row belongs to a network; primary keys, uniques and foreign keys of its data begin with it. */
export const networkId = () => text('network_id').notNull()

/** A UUIDv7: sorts by creation, so cursors and B-trees stay local. */
export const id = () =>
  text('id')
    .notNull()
    .$defaultFn(() => newId())

/** Instants are given by the caller's clock; nothing defaults to the machine's. */
export const createdAt = () => instant('created_at').notNull()
export const updatedAt = () => instant('updated_at').notNull()

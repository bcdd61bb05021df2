import type { Tx } from '../../db/index.ts'
import { enqueue } from '../../job/enqueue.ts'

/** The one search of a network; asked for again while it is under way, it starts anew. */
export const duplicatesJobId = 'duplicates'

/** Has a worker look for contacts who may be one person. */
export const enqueueDuplicates = (tx: Tx, networkId: string, at: Date): Promise<void> =>
  enqueue(tx, { networkId, id: duplicatesJobId, kind: 'duplicates.find', payload: {}, at, onRepeat: 'restart' })

import type { WallClock } from '../../clock.ts'
import type { Db, Tx } from '../../db/index.ts'
import type { ConsentBasis, Language } from '../../words.ts'
import type { ImportSummary } from './summary.ts'

export interface ImportDeps {
  db: Db
  wall: WallClock
  /** Rejects files go below it, into `imports/`. */
  dataFolder: string
}

export interface ImportOptions {
  /** Path of a CSV (any usual delimiter and encoding) or XLSX file. */
  file: string
  /** What its owner calls it; the path unless told. */
  name?: string | undefined
  /** For a dry run it may name a network that is not there yet. */
  networkId: string
  /** Header to meaning, over the saved mapping and the proposal. */
  map?: Record<string, string> | undefined
  /** Why consent columns may be relied on; without it they are kept as `unstated` and open nothing. */
  basis?: ConsentBasis | undefined
  /** What becomes of contacts the file does not have; `keep` unless told. */
  absent?: 'keep' | 'deactivate' | undefined
  dryRun?: boolean | undefined
  /** In which the reasons of the rejects file are written; English unless told. */
  language?: Language | undefined
  onProgress?: ((read: number) => void) | undefined
  /** In the transaction that ends the import. */
  onDone?: ((tx: Tx, summary: ImportSummary) => Promise<void>) | undefined
  /** An import that stands in the list already, to be begun or gone on with. */
  under?: UnderWay | undefined
}

export interface UnderWay {
  importId: string
  /** Business time of its start: an import that was interrupted goes on under the time at which it began. */
  now: Date
  /** In the transaction of each chunk; a throw undoes the chunk and ends the import. */
  onChunk(tx: Tx, read: number): Promise<void>
}

import type { ChannelName, Urgency } from '../words.ts'

/** What is urgent waits in a line of its own, so that it never stands behind what is not. */
export const speeds = {
  urgent: ['immediate', 'high'],
  bulk: ['normal', 'low'],
} as const satisfies Record<string, readonly Urgency[]>
export type Speed = keyof typeof speeds

/** Where work of one kind waits. */
export interface Line {
  channel: ChannelName
  speed: Speed
}

/** Deliveries of a network between two ids, both included, some of which may be due: no more is known of them here. */
export interface KeyRange {
  first: string
  last: string
  /** The smaller, the sooner; as of deliveries. */
  priority: number
}

/** What a worker does when it is called. */
export interface Hands {
  channels: readonly ChannelName[]
  /** There may be work somewhere. */
  look(): void
  /** There may be work here. A rejection is logged; what was not done is offered again. */
  take(networkId: string, line: Line, range: KeyRange): Promise<void>
}

export interface Working {
  /** Takes nothing more; resolves when what is under way is through. */
  stop(): Promise<void>
}

/**
 * How processes that share a database call one another to work. It only ever says where there may be some: what is
 * owed is in the database, and whoever is called claims there. So calls may come twice, late or never.
 */
export interface Queue {
  /** Whether ranges offered now reach other processes; where not, each works on what it finds by looking. */
  isShared(): boolean
  /**
   * Offers work on a line of a network: `choose` is given the ranges nobody is through with yet and for how many more
   * there is room, and names them. Returns false, without asking or in spite of it, where nobody would hear.
   */
  offer(
    networkId: string,
    line: Line,
    choose: (waiting: readonly KeyRange[], room: number) => Promise<readonly KeyRange[]>,
  ): Promise<boolean>
  /** Calls every worker to look, here and elsewhere. */
  wake(): void
  work(hands: Hands): Working
  /** How many ranges wait; undefined where that is not known. */
  waiting(): Promise<number | undefined>
  close(): Promise<void>
}

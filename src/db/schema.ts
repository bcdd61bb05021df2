/**
 * The one schema, read twice: drizzle-kit generates the migrations of both databases from it.
 * A file per capability, in the order of the spine.
 */

export * from './schema/accounts.ts'
export * from './schema/approval.ts'
export * from './schema/breakers.ts'
export * from './schema/campaign.ts'
export * from './schema/challenge.ts'
export * from './schema/consent.ts'
export * from './schema/console.ts'
export * from './schema/engagement.ts'
export * from './schema/experiment.ts'
export * from './schema/inbox.ts'
export * from './schema/intranet.ts'
export * from './schema/network.ts'
export * from './schema/operations.ts'
export * from './schema/outbox.ts'
export * from './schema/policy.ts'
export * from './schema/print.ts'
export * from './schema/reward.ts'
export * from './schema/segment.ts'
export * from './schema/sequence.ts'
export * from './schema/simulation.ts'
export * from './schema/standing.ts'
export * from './schema/tracking.ts'
export * from './schema/winner.ts'

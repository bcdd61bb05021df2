import type { JobKind } from './job.ts'

/** Every kind of work longer than a request. A kind is added here and nowhere else. */
export const jobKinds = {
  /** Reads an uploaded file and counts what importing it would do. */
  'import.look': { isAlone: false, load: () => import('../network/import/look-job.ts') },
  'import.run': { isAlone: true, load: () => import('../network/import/run-job.ts') },
  /** Looks for contacts who may be one person. */
  'duplicates.find': { isAlone: true, load: () => import('../network/duplicates/find-job.ts') },
  /** Works out who belongs to segments whose rules have changed. */
  'segment.refresh': { isAlone: true, load: () => import('../segment/refresh-job.ts') },
  /** Marks what a canceled campaign had not sent. */
  'campaign.cancel': { isAlone: false, load: () => import('../campaign/cancel-job.ts') },
  /** Counts the dates of people under way anew after a campaign was changed. */
  'campaign.reflow': { isAlone: false, load: () => import('../sequence/reflow-job.ts') },
  /** Leagues and objectives of a challenge. */
  'challenge.prepare': { isAlone: true, load: () => import('../challenge/prepare-job.ts') },
  /** Answers a text message that said something of a challenge. */
  'challenge.answer': { isAlone: false, load: () => import('../challenge/answer-job.ts') },
  /** Sends the test messages of a proof. */
  'campaign.proof': { isAlone: false, load: () => import('../approval/proof-job.ts') },
  /** Erases what is known of a person who asks for it. */
  'person.erase': { isAlone: false, load: () => import('../person/erase-job.ts') },
  /** Has providers forget the words they keep of an erased person. */
  'person.redact': { isAlone: false, load: () => import('../person/redact-job.ts') },
  /** Removes what has been kept long enough. */
  'network.retain': { isAlone: true, load: () => import('../retention/retain-job.ts') },
  /** Asks silent prospects whether they wish to stay, and erases who did not answer. */
  'network.ask_silent': { isAlone: true, load: () => import('../retention/silence-job.ts') },
  /** Works out anew what is learned of everyone. */
  'engagement.rebuild': { isAlone: true, load: () => import('../engagement/rebuild-job.ts') },
  /** Deletes an example network with all that is in it. */
  'network.delete': { isAlone: true, load: () => import('../network/delete-demo.ts') },
} as const satisfies Record<string, JobKind>

export type JobKindName = keyof typeof jobKinds

export const isJobKind = (name: string): name is JobKindName => Object.hasOwn(jobKinds, name)

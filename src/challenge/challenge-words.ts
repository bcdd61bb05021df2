/** What a rule may ask of somebody's part in the challenge of a campaign, as plain words. */
export const challengeWords = ['never-started', 'stalled', 'slowing', 'active', 'left', 'winner'] as const
export type ChallengeWord = (typeof challengeWords)[number]

export const isChallengeWord = (word: string): word is ChallengeWord =>
  (challengeWords as readonly string[]).includes(word)

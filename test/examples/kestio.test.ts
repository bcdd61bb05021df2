import { describe, expect, test } from 'vitest'
import { playExample } from '../../src/example/play.ts'

const played = async (seed: string) => (await playExample('kestio', { seed })).figures

describe('a week of appointments', () => {
  test('leaves six calls of thirty missed ones, and three funnels keep to the second working day', async () => {
    // Every figure of the seed stands here: what differs from run to run is found by the next one.
    expect(await played('9')).toEqual({
      appointments: 150,
      missedAWeek: 30,
      booked: 24,
      callTasks: 6,
      funnels: {
        diagnostic: { entered: 20, afterTwoWorkingDays: 20, callTasks: 12 },
        livreBlanc: { entered: 20, afterTwoWorkingDays: 20, callTasks: 5 },
        conference: { entered: 20, afterTwoWorkingDays: 20, callTasks: 7 },
      },
      steps: [
        // Who asked to be called is not written to again.
        { campaign: 'conference', step: 'offre', channel: 'email', total: 13 },
        { campaign: 'conference', step: 'satisfaction', channel: 'email', total: 20 },
        { campaign: 'diagnostic', step: 'bilan', channel: 'email', total: 20 },
        { campaign: 'dossier', step: 'dossier', channel: 'email', total: 9 },
        { campaign: 'livre-blanc', step: 'diagnostic', channel: 'email', total: 20 },
        { campaign: 'rendez-vous', step: 'creneaux', channel: 'email', total: 30 },
        // Seventeen had booked before.
        { campaign: 'rendez-vous', step: 'relance', channel: 'email', total: 13 },
      ],
      sends: { sms: 0, email: 125, print: 0, intranet: 0, screen: 0 },
    })
  }, 900_000)
})

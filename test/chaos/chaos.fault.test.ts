import { describe, expect, test } from 'vitest'
import type { Setting } from '../../src/chaos/fault.ts'
import { ways } from '../../src/chaos/providers/faults.ts'
import { sending } from '../../src/chaos/sending.ts'
import { stopRace } from '../../src/chaos/stop-race.ts'
import { storm } from '../../src/chaos/storm.ts'

// The size an every-day run has time for; `npm run chaos` runs all of it at full size.
const setting: Setting = { seed: '1', scale: 0.02 }
const patienceMs = 300_000

describe('an installation that is killed beside providers that fail', () => {
  test(
    'loses nothing and sends nothing twice, by SMS and by e-mail, while one answer in five goes wrong',
    async () => {
      const found = await sending(setting, { people: 24, kills: 2, ways })
      expect(found).toMatchObject({ messages: 48, kills: 2, lost: 0, extra: 0 })
    },
    patienceMs,
  )

  test(
    'stores each of a storm of events once and answers every forged call 403',
    async () => {
      expect(await storm(setting)).toMatchObject({ messages: 1_000, lost: 0, extra: 0 })
    },
    patienceMs,
  )

  test(
    'sends nothing to whoever texted STOP before their message was claimed',
    async () => {
      const found = await stopRace(setting)
      expect(found).toMatchObject({ messages: 150, lost: 0, extra: 0 })
      // Some STOP did come in time, or nothing was shown.
      expect(found.notes[0]).toMatch(/^15 STOP, [1-9]\d* before the claim, 0 sent after it$/)
    },
    patienceMs,
  )
})

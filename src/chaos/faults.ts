import { clockSet } from './clock-set.ts'
import { diskFull } from './disk-full.ts'
import { fanOutKilled } from './fan-out.ts'
import { type Fault, type Found, type Setting, sized } from './fault.ts'
import { workerFrozen } from './frozen.ts'
import { importKilled } from './import-killed.ts'
import { databaseLocked } from './locked.ts'
import { outage } from './outage.ts'
import { ways } from './providers/faults.ts'
import { receiptsInAnyOrder } from './receipts.ts'
import { redisAway } from './redis-away.ts'
import { redisFull } from './redis-full.ts'
import { redisLost } from './redis-lost.ts'
import { oldBackupRestored } from './restored.ts'
import { sending } from './sending.ts'
import { stopRace } from './stop-race.ts'
import { stopped } from './stopped.ts'
import { storm } from './storm.ts'
import { upgraded } from './upgraded.ts'

/** One run for each way at full size, all ways mixed in one where time is short. */
const badAnswers = (setting: Setting): { name: string; run: () => Promise<Found> }[] =>
  setting.scale >= 1
    ? ways.map((way) => ({ name: way, run: () => sending(setting, { people: 150, kills: 3, ways: [way] }) }))
    : [{ name: 'mixed', run: () => sending(setting, { people: sized(150, setting, 40), kills: 2, ways }) }]

async function everyWay(setting: Setting): Promise<Found> {
  const sum: Found = { messages: 0, kills: 0, lost: 0, extra: 0, notes: [] }
  for (const { name, run } of badAnswers(setting)) {
    const { messages, kills, lost, extra, notes } = await run()
    sum.messages += messages
    sum.kills += kills
    sum.lost += lost
    sum.extra += extra
    sum.notes.push(`${name}: lost ${lost}, extra ${extra}; ${notes.join('; ')}`)
  }
  return sum
}

/** The faults that can be made to happen here, by the names of the fault plan. */
export const faults: readonly Fault[] = [
  {
    name: 'F1',
    what: 'kill -9 while sending SMS and e-mail',
    run: (setting) => sending(setting, { people: sized(520, setting, 60), kills: sized(16, setting, 3) }),
  },
  { name: 'F2', what: 'kill -9 while deciding an audience', run: fanOutKilled },
  { name: 'F3', what: 'kill -9 of an import', run: importKilled },
  { name: 'F4', what: 'Redis killed and flushed beside three workers', run: redisLost },
  { name: 'F5', what: 'a Redis that drops keys, and one that is full', run: redisFull },
  { name: 'F6', what: 'started without Redis, which comes later', run: redisAway },
  { name: 'F7', what: 'the database locked by another program', run: databaseLocked },
  { name: 'F8', what: 'the disk full', run: diskFull },
  { name: 'F9', what: 'one provider answer in five goes wrong, and kill -9', run: everyWay },
  { name: 'F10', what: 'a provider down for half an hour, then back', run: outage },
  { name: 'F11', what: 'the clock set on and back by an hour', run: clockSet },
  { name: 'F12', what: 'storm of webhooks, repeated, shuffled, forged', run: storm },
  { name: 'F13', what: 'receipts in every order, twice', run: receiptsInAnyOrder },
  { name: 'F14', what: 'SIGTERM with calls under way', run: stopped },
  { name: 'F15', what: 'one of three workers frozen', run: workerFrozen },
  { name: 'F16', what: 'an old back-up restored', run: oldBackupRestored },
  { name: 'F17', what: 'the database of an earlier release', run: upgraded },
  { name: 'F18', what: 'STOP while a campaign is sending', run: stopRace },
]

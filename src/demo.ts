import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { Temporal } from 'temporal-polyfill'
import { parseDocument } from 'yaml'
import { launchCampaign } from './campaign/launch.ts'
import { businessNow } from './clock.ts'
import { dialect, type Tx } from './db/index.ts'
import { campaigns, installation, networks } from './db/schema.ts'
import type { Relais } from './main.ts'
import { addCounterScreens } from './network/counter-screens.ts'
import { importFile } from './network/import/import-file.ts'
import { createNetwork, demoName, findNetwork } from './network/networks.ts'
import { setUpNetwork } from './network/setup.ts'
import { packageRoot } from './root.ts'

const key = 'demo'

/**
 * On an empty SQLite installation without credentials, loads the example network: 43 distributors, 400 contacts,
 * counter screens, a challenge planned. Killed in the middle, it goes on at the next start; deleted, it does not
 * come back. Returns whether the demo network is there.
 */
export async function loadDemo({ context, config, isLive }: Relais): Promise<boolean> {
  const { db, wall } = context
  const [mark] = await db.select().from(installation).where(eq(installation.key, key))
  const mayLoad = dialect === 'sqlite' && !config.databaseUrl && !isLive
  if (mark?.value === 'loaded' || !mayLoad) return (await findNetwork(db, demoName)) !== undefined
  if (!mark && (await db.$count(networks)) > 0) return false

  const now = wall.now()
  if (!mark) await setMark(db, 'loading', now)
  const network =
    (await findNetwork(db, demoName)) ??
    (await db.transaction((tx) =>
      createNetwork(
        tx,
        {
          name: demoName,
          title: 'Réseau Boréal',
          mode: 'sandbox',
          country: 'FR',
          language: 'fr',
          timezone: 'Europe/Paris',
          isDemo: true,
        },
        now,
      ),
    ))
  await importFile(context, {
    file: join(packageRoot, 'examples/data/reseau-43.csv'),
    networkId: network.id,
    basis: 'consent',
  })
  await addCounterScreens(context, network)
  await setUpNetwork(context, network)
  // Resumed on a later day its dates would be others, and it a second campaign of the same name.
  if ((await db.$count(campaigns, eq(campaigns.networkId, network.id))) === 0) {
    const today = businessNow(now, network)
    const text = demoChallenge(today, network.timezone)
    await launchCampaign(context, network, { file: 'campaigns/challenge.yaml', text }, 'relais', today)
  }
  await setMark(db, 'loaded', now)
  return true
}

const setMark = (db: Tx, value: string, now: Date) =>
  db
    .insert(installation)
    .values({ key, value, updatedAt: now })
    .onConflictDoUpdate({ target: installation.key, set: { value, updatedAt: now } })

/** The shipped challenge with its dates moved to come: the launch on a Monday five weeks ahead, the end nine weeks later. */
export function demoChallenge(now: Date, timezone: string): string {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timezone).toPlainDate()
  let launch = today.add({ days: 8 - today.dayOfWeek, weeks: 5 })
  while (isSlack(launch)) launch = launch.add({ weeks: 1 })
  const end = launch.add({ weeks: 8, days: 4 })
  const document = parseDocument(readFileSync(join(packageRoot, 'campaigns/challenge.yaml'), 'utf8'))
  document.setIn(['anchor', 'launch'], `${launch}T08:30`)
  document.setIn(['anchor', 'end'], `${end}T18:00`)
  return String(document)
}

/** Nobody launches a challenge in August or between Christmas and the first days of January. */
const isSlack = ({ month, day }: Temporal.PlainDate): boolean =>
  month === 8 || (month === 12 && day > 17) || (month === 1 && day < 8)

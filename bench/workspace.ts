import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../src/config.ts'
import type { Network } from '../src/context.ts'
import { openRelais, type Relais } from '../src/main.ts'
import { createNetwork } from '../src/network/networks.ts'

export interface Workspace {
  folder: string
  relais: Relais
  network: Network
  clock: { now(): Date; set(at: Date): void }
  close(): Promise<void>
}

/** Monday 11 January 2027, 10:00 in Paris: every window is open. */
export const benchNow = new Date('2027-01-11T09:00:00Z')

export interface SpaceOptions {
  mode?: Network['mode']
  /** Settings beside those of every bench. */
  config?: Partial<Config>
}

/** An empty installation with one sandbox network, on a clock that stands still. */
export async function workspace({ mode = 'sandbox', config = {} }: SpaceOptions = {}): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-bench-'))
  mkdirSync(folder, { recursive: true })
  let now = benchNow
  const clock = {
    now: () => now,
    set: (at: Date) => {
      now = at
    },
  }
  const relais = await openRelais(
    {
      port: 0,
      publicUrl: 'http://localhost:3000',
      shortUrl: 'http://localhost:3000',
      dataFolder: folder,
      secret: 'a secret for measuring, long enough to be taken',
      logLevel: 'silent',
      mailFrom: 'Relais <bench@example.com>',
      diskReserveMb: 0,
      warnings: [],
      ...config,
    },
    { wall: clock },
  )
  const network = await relais.context.db.transaction((tx) =>
    createNetwork(
      tx,
      { name: 'bench', title: 'Bench', mode, country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      benchNow,
    ),
  )
  return {
    folder,
    relais,
    network,
    clock,
    close: async () => {
      await relais.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

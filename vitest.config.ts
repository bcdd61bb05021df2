import { existsSync, statfsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { HeaviestFirst } from './test/heaviest-first.ts'

const onBothDatabases = ['test/**/*.db.test.ts', 'test/flow.test.ts']
const browser = ['test/**/*.browser.test.ts']
const faults = ['test/**/*.fault.test.ts']
/** Files of a project share what they import: loading it anew for each was a third of the run. Mocks undo themselves. */
const isolate = false

const memory = '/dev/shm'
const roomFor = 2 * 1024 ** 3
const freeIn = (folder: string) => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
/** Their folders are in memory where it has room: a process is killed in the tests, never the machine. */
const env: Record<string, string> = existsSync(memory) && freeIn(memory) > roomFor ? { TMPDIR: memory } : {}

export default defineConfig({
  test: {
    // Vitest leaves a core free by default: on two, that is half of them, while much of a test is waiting.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: HeaviestFirst },
    // What one project has compiled the next one reads: four of five would compile all of it again, and every run.
    experimental: { fsModuleCache: true },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...onBothDatabases, ...browser, ...faults],
          testTimeout: 60_000,
          env,
          isolate,
        },
      },
      {
        test: { name: 'sqlite', include: onBothDatabases, testTimeout: 60_000, hookTimeout: 60_000, env, isolate },
      },
      {
        test: {
          name: 'postgres',
          include: onBothDatabases,
          globalSetup: ['test/postgres.ts'],
          env: { DATABASE_URL: 'postgres://embedded' },
          isolate,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: browser,
          globalSetup: ['test/built.ts'],
          isolate,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: faults,
          globalSetup: ['test/built.ts', 'test/postgres.ts'],
          env,
          isolate,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Running, startScript } from '../cli/process.ts'
import { dirtyFile } from '../job/imports.ts'

const script = join(import.meta.dirname, 'job-works.ts')
let folder: string
let running: Running | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-job-'))
  writeFileSync(join(folder, 'dirty.csv'), dirtyFile(4_000))
})
afterEach(async () => {
  running?.child.kill('SIGKILL')
  await running?.done
  running = undefined
  rmSync(folder, { recursive: true, force: true })
})

const start = (data: string, argv: string[] = []): Running => {
  running = startScript(script, argv, { env: { RELAIS_DATA: data, LOG_LEVEL: 'error' } })
  return running
}

/** What is in the database, read by nobody’s code but SQLite’s own. */
function stored<T>(data: string, sql: string): T[] {
  const database = new Database(join(data, 'relais.db'), { readonly: true })
  try {
    return database.prepare(sql).all() as T[]
  } finally {
    database.close()
  }
}

/** Resolves when the database’s journal has been written to so many times. */
function written(data: string, times: number): Promise<void> {
  let left = times
  return new Promise((resolve) => {
    const watcher = watch(data, (_, name) => {
      if (!name?.endsWith('relais.db-wal') || --left > 0) return
      watcher.close()
      resolve()
    })
  })
}

const queue = async (data: string): Promise<string> => {
  const queued = await start(data, ['queue', join(folder, 'dirty.csv')]).done
  expect([queued.code, queued.stderr]).toEqual([0, ''])
  return queued.stdout.trim()
}
const outcome = (data: string, id: string) => {
  const [row] = stored<{ status: string; counts: string }>(
    data,
    `select status, counts from imports where id = '${id}'`,
  )
  const [job] = stored<{ status: string; payload: string }>(data, `select status, payload from jobs where id = '${id}'`)
  const rejects = readFileSync(join(data, 'imports', `${id}.rejects.csv`), 'utf8')
  const { warningsByCode, rejections, remarks } = JSON.parse(job!.payload).result.figures
  return {
    status: [row!.status, job!.status],
    counts: JSON.parse(row!.counts),
    ...{ warningsByCode, rejections, remarks, rejects },
    people: stored(data, 'select first_name, last_name, name_key, is_active from contacts order by identity_key'),
    consents: stored(data, 'select channel, value, basis, count(*) n from consents group by 1, 2, 3 order by 1, 2, 3'),
  }
}

test('kill -9 of an import job at any moment: the next worker goes on, and nothing is lost or counted twice', async () => {
  const undisturbed = join(folder, 'undisturbed')
  const whole = await queue(undisturbed)
  const calm = await start(undisturbed).done
  expect([calm.code, calm.stdout, calm.stderr]).toEqual([0, 'idle\n', ''])

  const data = join(folder, 'killed')
  const id = await queue(data)
  let interrupted = 0
  for (const times of [3, 8, 5, 11]) {
    const moment = written(data, times)
    const worker = start(data)
    await Promise.race([moment, worker.done])
    worker.child.kill('SIGKILL')
    if ((await worker.done).signal === 'SIGKILL') interrupted += 1
  }
  expect(interrupted).toBeGreaterThan(1)
  const last = await start(data).done
  expect([last.code, last.stdout, last.stderr]).toEqual([0, 'idle\n', ''])

  expect(outcome(data, id)).toEqual(outcome(undisturbed, whole))
  expect(outcome(data, id)).toMatchObject({ status: ['done', 'done'], counts: { read: 4_000 } })
  expect(existsSync(join(data, 'uploads')) ? readdirSync(join(data, 'uploads')) : []).toEqual([])
})

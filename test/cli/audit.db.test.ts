import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../src/accounts/audit.ts'
import { run } from '../../src/cli/program.ts'
import { auditEntries } from '../../src/db/schema.ts'
import { type World, world } from '../world.ts'
import { captured } from './captured.ts'

let w: World
beforeAll(async () => {
  w = await world()
  for (const [n, action] of (['campaign.create', 'campaign.launch', 'campaign.pause'] as const).entries())
    await w.context.db.transaction((tx) =>
      audit(tx, { networkId: w.network.id, actor: 'operator', action, subject: `c${n}`, at: w.clock.now() }),
    )
})
afterAll(() => w.close())

async function relais(...argv: string[]) {
  const io = captured({ columns: 200 })
  const exit = await run(argv, io, async () => w.relais)
  return { exit, out: io.stdout(), err: io.stderr() }
}
const count = async () => (await w.context.db.select().from(auditEntries)).length

test('audit verify counts the whole entries and prints the head, which the next time it takes', async () => {
  const { exit, out } = await relais('audit', 'verify')
  expect(exit).toBe(0)
  expect(out).toContain(`The audit trail is whole: ${await count()} entries.`)
  const noted = /Its head is (\S+)/.exec(out)?.[1] ?? ''
  expect((await relais('audit', 'verify', '--noted', noted)).exit).toBe(0)
  const elsewhere = noted.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  const broken = await relais('audit', 'verify', '--noted', elsewhere)
  expect([broken.exit, broken.err]).toEqual([1, expect.stringContaining('not the one whose head was noted')])
  expect(await relais('audit', 'verify', '--noted', '12')).toMatchObject({ exit: 2, out: '' })
})

test('audit list shows the newest first, and what it cannot know is said', async () => {
  const listed = JSON.parse((await relais('audit', 'list', '--actor', 'operator', '--limit', '2', '--json')).out)
  expect(listed.map((entry: { action: string }) => entry.action)).toEqual(['campaign.pause', 'campaign.launch'])
  expect((await relais('audit', 'list', '--action', 'campaign.launch', '--network', 'reseau')).out).toMatch(
    /operator +campaign\.launch +c1/,
  )
  expect(await relais('audit', 'list', '--action', 'campaign.lunch')).toMatchObject({
    exit: 2,
    err: 'There is no act "campaign.lunch"; did you mean campaign.launch?\n',
  })
  for (const limit of ['0', '-1', 'abc', '1001']) expect((await relais('audit', 'list', '--limit', limit)).exit).toBe(2)
  expect((await relais('audit', 'list', '--since', 'yesterday')).exit).toBe(2)
})

test('audit verify names the first broken entry and exits 1', async () => {
  const { db } = w.context
  const [second] = (await db.select().from(auditEntries)).filter(({ action }) => action === 'campaign.launch')
  await db.update(auditEntries).set({ actor: 'nobody' }).where(eq(auditEntries.id, second!.id))
  const { exit, err } = await relais('audit', 'verify')
  expect(exit).toBe(1)
  expect(err).toContain(`broken at entry ${second!.seq}: it does not say what was written.`)
  const json = await relais('audit', 'verify', '--json')
  expect(json.exit).toBe(1)
  expect(JSON.parse(json.out)).toEqual({
    isWhole: false,
    entries: second!.seq - 1,
    brokenAt: second!.seq,
    breach: 'changed',
  })
})

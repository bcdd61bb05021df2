import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../../src/cli/program.ts'
import { withSpooledMail } from '../../src/cli/spool-mail.ts'
import { inboundEvents } from '../../src/db/schema.ts'
import { cast, type World, world } from '../world.ts'
import { captured } from './captured.ts'

let w: World
let folder: string
beforeEach(async () => {
  w = await world({ mode: 'live', config: { mailIn: { domain: 'reponses.example.com' } } })
  folder = mkdtempSync(join(tmpdir(), 'relais-mail-in-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  await w.close()
})

const message = (from: string) => `From: ${from}\nTo: reponses@reponses.example.com\nSubject: Question\n\nQui gagne ?\n`

async function piped(text: string, ...argv: string[]) {
  const io = captured({ cwd: folder })
  const code = await withSpooledMail(['mail-in', ...argv], Readable.from([text]), (line) =>
    run(line, io, async () => w.relais),
  )
  return { code, out: io.stdout(), err: io.stderr() }
}

test('a mail on standard input is taken in once, and one that leads nowhere is left aside', async () => {
  expect(await piped(message(cast.odile.email))).toMatchObject({ code: 0, out: 'Taken in.\n' })
  expect(await piped(message(cast.odile.email))).toMatchObject({ code: 0, out: 'Known already.\n' })
  expect(await piped(message('spam@nowhere.example'), '--from', '')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Left aside'),
  })
  expect(await w.context.db.select().from(inboundEvents)).toMatchObject([{ source: 'mail', body: { type: 'reply' } }])
})

test('a mail in a file is taken in likewise; a file that is not there is said', async () => {
  writeFileSync(join(folder, 'a.eml'), message(cast.helene.email))
  expect(await piped('', 'a.eml')).toMatchObject({ code: 0, out: 'Taken in.\n' })
  expect(await piped('', 'b.eml')).toMatchObject({ code: 2, err: 'b.eml does not exist.\n' })
})

test('what fails for now is told the mail server as that, so that it hands the mail over again', async () => {
  const code = await withSpooledMail(['mail-in'], Readable.from(['x']), async () => 1)
  expect(code).toBe(75)
  expect(await withSpooledMail(['status'], Readable.from(['x']), async () => 1)).toBe(1)
})

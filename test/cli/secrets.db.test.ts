import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../../src/cli/program.ts'
import { accountsOf, saveCredentials } from '../../src/network/secrets.ts'
import { openVault } from '../../src/network/vault.ts'
import { fakeRandom, type World, world } from '../world.ts'
import { captured } from './captured.ts'

const before = 'the secret of this installation before it was changed'

let w: World
beforeEach(async () => {
  w = await world({ mode: 'live', config: { oldSecret: before } })
})
afterEach(() => w.close())

const relay = {
  provider: 'smtp' as const,
  security: 'tls' as const,
  host: 'smtp.vauquelin.example.com',
  port: 465,
  user: 'animation',
  password: 'swordfish',
  from: 'animation@vauquelin.example.com',
}
const save = (secret: string) =>
  w.context.db.transaction((tx) =>
    saveCredentials(
      tx,
      openVault(secret, fakeRandom(secret)),
      { network: w.network, actor: 'test', at: w.clock.now() },
      relay,
    ),
  )
async function rotate(...options: string[]) {
  const io = captured()
  const exit = await run(['secrets', 'rotate', ...options], io, async () => w.relais)
  return { exit, out: io.stdout(), err: io.stderr() }
}

test('what was sealed under RELAIS_SECRET_OLD opens, and is sealed anew by the command, once', async () => {
  await save(before)
  expect(await accountsOf(w.context.db, w.context.vault, w.network.id)).toMatchObject([{ isReadable: true }])
  const first = await rotate('--json')
  expect([first.exit, JSON.parse(first.out)]).toEqual([0, { rotated: 1, already: 0, unreadable: [] }])
  expect(first.out + first.err).not.toContain('swordfish')
  expect((await rotate()).out).toContain('0 sealed anew, 1 already')
  const alone = openVault('a secret of the tests, long enough to be taken', fakeRandom('alone'))
  expect(await accountsOf(w.context.db, alone, w.network.id)).toMatchObject([{ isReadable: true }])
})

test('what no secret given opens is named, with what to do, and the command fails', async () => {
  await save('a third secret that nobody has given to this installation')
  const { exit, err } = await rotate()
  expect(exit).toBe(1)
  expect(err).toMatch(/smtp of reseau.*RELAIS_SECRET_OLD.*enter the credentials again/s)
})

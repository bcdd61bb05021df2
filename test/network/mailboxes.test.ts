import { expect, test } from 'vitest'
import { isSharedByName, readMailbox } from '../../src/network/mailboxes.ts'

test('a sound mailbox is lower-cased and otherwise left alone', () => {
  expect(readMailbox(' Jean.Dupont+pro@Grand-Nord.Example.COM ')).toEqual({
    mailbox: 'jean.dupont+pro@grand-nord.example.com',
    isShared: false,
  })
})

test.each([
  ['a.b at x.example.com', 'a.b@x.example.com', /" at "/],
  ['a.b (at) x.example.com', 'a.b@x.example.com', /" at "/],
  ['a.b@x.example.com,', 'a.b@x.example.com', /comma/],
  ['a.b@x.example,com', 'a.b@x.example.com', /comma was read as a dot/],
  ['<a.b@x.example.com>', 'a.b@x.example.com', /mark/],
  ['mailto:a.b@x.example.com', 'a.b@x.example.com', /mark/],
  ['a.b @x.example.com', 'a.b@x.example.com', /spaces/],
])('%s is mended, and it says how', (cell, mailbox, mended) => {
  const read = readMailbox(cell)
  expect(read).toMatchObject({ mailbox })
  expect((read as { mended: string }).mended).toMatch(mended)
})

test.each([
  ['pas de mail', 'no_mailbox', /leave the cell empty/],
  ['aucun', 'no_mailbox', /leave the cell empty/],
  ['@x.example.com', 'incomplete', /before the @/],
  ['a.b@x', 'incomplete', /ending/],
  ['jean dupont', 'incomplete', /needs an @/],
  ['a..b@x.example.com', 'incomplete', /not an e-mail/],
  [`a@${'x'.repeat(64)}.com`, 'incomplete', /not an e-mail/],
])('%s is refused with its remedy', (cell, problem, message) => {
  const read = readMailbox(cell)
  expect(read).toMatchObject({ problem })
  expect((read as { message: string }).message).toMatch(message)
})

test('mailboxes that nobody in particular reads are known by their name', () => {
  for (const local of ['contact', 'info', 'accueil', 'agence', 'agence-lyon', 'info2', 'commandes', 'secretariat'])
    expect(isSharedByName(`${local}@x.example.com`), local).toBe(true)
  for (const local of ['jean.dupont', 'agnes', 'c.contamine', 'infante', 'accueillante'])
    expect(isSharedByName(`${local}@x.example.com`), local).toBe(false)
})

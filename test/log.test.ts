import { expect, test } from 'vitest'
import { createLog, errorForLog } from '../src/log.ts'

test.each([
  ['a mailbox', 'No such user <jean.petit@example.com>', 'No such user <(mailbox)>'],
  [
    'a phone as providers write it',
    "The 'To' number +33639980000 is not valid",
    "The 'To' number (phone) is not valid",
  ],
  ['a phone as people write it', 'Call 06 39 98 00 00 now', 'Call (phone) now'],
  [
    'the values of a query',
    'Failed query: insert into x values (?)\nparams: Jean,Petit',
    'Failed query: insert into x values (?)\nparams: (left out)',
  ],
  [
    'the values of an index',
    'Key (network_id, email)=(n, jean) already exists.',
    'Key (network_id, email)=(left out) already exists.',
  ],
])('an error keeps no %s', (_, message, kept) => {
  expect(errorForLog(new Error(message)).message).toBe(kept)
})

test('ids and times stay: they are what a log is searched for', () => {
  const message = 'Delivery 01a202e9-c339-76da-9e87-01ee9672137c was due at 2027-01-11T12:00:00.000Z, code 30003'
  expect(errorForLog(new Error(message)).message).toBe(message)
})

test('what hangs on an error is left out, its cause is told', () => {
  const cause = Object.assign(new Error('timeout'), { code: 'ETIMEDOUT', config: { auth: 'secret' } })
  const told = errorForLog(Object.assign(new Error('No answer', { cause }), { body: 'secret' }))
  expect(JSON.stringify(told)).not.toContain('secret')
  expect(told).toMatchObject({ type: 'Error', message: 'No answer', cause: { code: 'ETIMEDOUT', message: 'timeout' } })
})

test('a line break in a value stays inside its record', () => {
  const lines: string[] = []
  createLog('info', { write: (line: string) => void lines.push(line) } as never).info({ name: 'a\nb' }, 'Said')
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0]!)).toMatchObject({ name: 'a\nb', msg: 'Said' })
})

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepUpload, looksLikeTable, removeUpload, uploadFile } from '../../../src/network/import/uploads.ts'
import { fakeRandom } from '../../world.ts'

let dataFolder: string
beforeAll(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'relais-uploads-'))
})
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }))
const context = () => ({ dataFolder, random: fakeRandom('uploads') })
const left = () => (existsSync(join(dataFolder, 'uploads')) ? readdirSync(join(dataFolder, 'uploads')) : [])

test.each([
  ['contacts.csv', Buffer.from('a;b\n1;2'), true],
  ['CONTACTS.TSV', Buffer.from('a\tb'), true],
  ['contacts.csv', Buffer.from('\ufeffa;b', 'utf16le'), true],
  ['contacts.csv', Buffer.from('a;b\r\n', 'utf16le'), true],
  ['contacts.xlsx', Buffer.from('504b0304', 'hex'), true],
  // What to do with it is said by the one who reads it.
  ['contacts.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), true],
  ['contacts.csv', Buffer.from('504b0304', 'hex'), false],
  ['contacts.xlsx', Buffer.from('a;b\n1;2'), false],
  ['contacts.csv', Buffer.from('%PDF-1.7'), false],
  ['contacts.csv', Buffer.from('89504e470d0a1a0a', 'hex'), false],
  ['contacts.csv', Buffer.from([0, 0, 1, 0, 0, 0, 7, 7]), false],
  ['contacts.html', Buffer.from('<html>'), false],
  ['contacts', Buffer.from('a;b'), false],
  ['contacts.csv.exe', Buffer.from('a;b'), false],
])('%s beginning so: %s is a table is %s', (name, head, isTable) => {
  expect(looksLikeTable(name, head)).toBe(isTable)
})

test('a file is kept under a name of chance, for its owner alone', async () => {
  const kept = await keepUpload(context(), Readable.from([Buffer.from('a;b\n'), Buffer.from('1;2\n')]), '../../a.csv')
  expect(kept).toEqual({ path: expect.stringMatching(/^uploads.[0-9a-f]{32}$/), size: 8 })
  const file = uploadFile({ dataFolder }, kept.path)!
  expect(readFileSync(file, 'utf8')).toBe('a;b\n1;2\n')
  expect(statSync(file).mode & 0o077).toBe(0)
  await removeUpload({ dataFolder }, kept.path)
  expect(left()).toEqual([])
})

test('what is no table, too large, or breaks off leaves nothing behind', async () => {
  const keep = (parts: Iterable<Buffer>, name: string, limit?: number) =>
    keepUpload(context(), Readable.from(parts), name, limit)
  await expect(keep([Buffer.from('%PDF-1.7')], 'a.csv')).rejects.toMatchObject({ code: 'file_kind_unknown' })
  await expect(keep([Buffer.from('a;b'), Buffer.alloc(2_000_000)], 'a.csv', 1024 * 1024)).rejects.toMatchObject({
    ...{ code: 'file_too_big', params: { file: 'a.csv', megabytes: 1 } },
  })
  function* breaking() {
    yield Buffer.from('a;b\n')
    throw new Error('The line is cut.')
  }
  await expect(keep(breaking(), 'a.csv')).rejects.toThrow('The line is cut.')
  expect(left()).toEqual([])
})

test.each(['../../etc/passwd', 'uploads/../../x', '/etc/passwd', 'uploads/abc', '', null])(
  'a path that was not made here is no upload: %s',
  (path) => {
    expect(uploadFile({ dataFolder }, path)).toBeUndefined()
  },
)

import { expect, test } from 'vitest'
import { attachment } from '../../src/http/attachment.ts'

test.each([
  ['rejets.csv', `attachment; filename="rejets.csv"; filename*=UTF-8''rejets.csv`],
  ['Réseau été.csv', `attachment; filename="Reseau ete.csv"; filename*=UTF-8''R%C3%A9seau%20%C3%A9t%C3%A9.csv`],
  ['a"b\\c/d:e.csv', `attachment; filename="a_b_c_d_e.csv"; filename*=UTF-8''a_b_c_d_e.csv`],
  ["l'export (1)*.csv", `attachment; filename="l'export (1)_.csv"; filename*=UTF-8''l%27export%20%281%29_.csv`],
  ['x\r\nset-cookie: a=b', `attachment; filename="x_set-cookie_ a=b"; filename*=UTF-8''x_set-cookie_%20a%3Db`],
  ['100%.csv', `attachment; filename="100_.csv"; filename*=UTF-8''100%25.csv`],
  ['名簿.csv', `attachment; filename="__.csv"; filename*=UTF-8''%E5%90%8D%E7%B0%BF.csv`],
  ['', `attachment; filename="file"; filename*=UTF-8''file`],
])('%s is a file name that every browser understands and no header breaks on', (name, header) => {
  expect(attachment(name)).toBe(header)
})

test('an endless name is cut', () => {
  expect(attachment('x'.repeat(10_000)).length).toBeLessThan(400)
})

import { expect, test } from 'vitest'
import { newId } from '../../src/db/id.ts'

test('a hundred thousand ids are version 7, all different, and sort as they were made', () => {
  const ids = Array.from({ length: 100_000 }, newId)
  expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
  expect([...ids].sort()).toEqual(ids)
})

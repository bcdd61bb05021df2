import { pino } from 'pino'
import { expect, test } from 'vitest'
import { watchRoom } from '../../src/disk/room.ts'

const megabyte = 1024 * 1024

function disk(freeMb: number) {
  const here = { freeMb, now: 0, asked: 0, said: [] as string[] }
  const room = watchRoom({
    folder: '/data',
    reserveMb: 200,
    wall: { now: () => new Date(here.now) },
    log: pino({ base: undefined }, { write: (line: string) => void here.said.push(JSON.parse(line).msg) }),
    freeBytes: async () => {
      here.asked++
      return here.freeMb * megabyte
    },
  })
  return { here, room }
}

test('the reserve itself is enough; a megabyte less is not', async () => {
  expect(await disk(200).room.isEnough()).toBe(true)
  expect(await disk(199).room.isEnough()).toBe(false)
})

test('the shortage names the folder, what is free and what is kept, and only while there is one', async () => {
  expect(await disk(12).room.shortage()).toMatch(/^Only 12 MB are free in \/data, fewer than the 200 MB/)
  expect(await disk(500).room.shortage()).toBeUndefined()
})

test('sending goes on by itself once there is room, and each change is logged once', async () => {
  const { here, room } = disk(10)
  expect(await room.isEnough()).toBe(false)
  here.now += 5_000
  expect(await room.isEnough()).toBe(false)
  here.freeMb = 900
  here.now += 5_000
  expect(await room.isEnough()).toBe(true)
  expect(here.said).toEqual([
    'The disk is nearly full: nothing is sent until there is room',
    'There is room on the disk again: sending goes on',
  ])
})

test('within a second the disk is asked once', async () => {
  const { here, room } = disk(500)
  await room.isEnough()
  here.now += 900
  await room.isEnough()
  expect(here.asked).toBe(1)
  here.now += 200
  await room.isEnough()
  expect(here.asked).toBe(2)
})

import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import {
  aheadMs,
  creditMs,
  type Limit,
  leastFactor,
  type Pace,
  recoveryMs,
  shortestPauseMs,
  startMs,
  tryEveryMs,
} from './pace.ts'

/**
 * Without Redis nobody knows how many workers there are, so each goes on with this part of every rate: up to eight of
 * them stay within it together, and an urgent notice still leaves.
 */
export const shareWithoutRedis = 1 / 8

/** Milliseconds a limit nobody uses is remembered, beyond what it has run ahead: longer than a rate takes to recover. */
const keptMs = 2 * recoveryMs

/**
 * Reads, decides and writes in one step (Redis runs a script alone), by Redis' own clock unless the last argument is
 * another. The arithmetic is that of
 * `embedded.ts`; one contract suite runs on both.
 */
const state = `
local at = tonumber(table.remove(ARGV))
if not at then
  local time = redis.call('TIME')
  at = time[1] * 1000 + time[2] / 1000
end
local function read(key)
  local kept = redis.call('HMGET', key, 'at', 'until', 'trying', 'factor', 'since')
  local s = {
    at = tonumber(kept[1]) or at, paused = tonumber(kept[2]) or 0, trying = kept[3] == '1',
    factor = tonumber(kept[4]) or 1, since = tonumber(kept[5]) or at,
  }
  if at - s.at > ${creditMs} then s.at = at - ${startMs} end
  return s
end
local function write(key, s)
  redis.call('HSET', key, 'at', string.format('%.3f', s.at), 'until', string.format('%.3f', s.paused),
    'trying', s.trying and '1' or '0', 'factor', string.format('%.6f', s.factor), 'since', string.format('%.3f', s.since))
  redis.call('PEXPIRE', key, math.ceil(${keptMs} + math.max(0, s.at - at, s.paused - at)))
end
local function factor(s)
  if s.trying then return s.factor end
  return math.min(1, s.factor + (1 - s.factor) * (at - s.since) / ${recoveryMs})
end
local function unit(s, rate) return 1000 / (rate * factor(s)) end
`

/** KEYS: the limits · ARGV: urgent or not, how many limits, their rates, the costs. */
const take = `${state}
local urgent = ARGV[1] == '1'
local count = tonumber(ARGV[2])
local all = {}
local slowed = 0
for n = 1, count do
  all[n] = read(KEYS[n])
  all[n].rate = tonumber(ARGV[2 + n])
  if all[n].trying then slowed = 1 end
end
local granted = 0
local wait = 0
for n = count + 3, #ARGV do
  wait = 0
  for _, s in ipairs(all) do
    if at < s.paused then wait = math.max(wait, s.paused - at)
    else
      local ahead = 0
      if urgent and not s.trying then ahead = math.max(${aheadMs}, unit(s, s.rate)) end
      wait = math.max(wait, s.at - ahead - at)
    end
  end
  if wait > 0 then break end
  for _, s in ipairs(all) do
    s.at = s.at + tonumber(ARGV[n]) * unit(s, s.rate)
    if s.trying then s.at = math.max(s.at, at + ${tryEveryMs}) end
  end
  granted = granted + 1
end
for n, s in ipairs(all) do write(KEYS[n], s) end
return { granted, math.ceil(wait), slowed }
`

/** ARGV: units, then the rates. */
const correct = `${state}
for n, key in ipairs(KEYS) do
  local s = read(key)
  s.at = s.at + tonumber(ARGV[1]) * unit(s, tonumber(ARGV[1 + n]))
  write(key, s)
end
`

/** ARGV: the pause. */
const slowDown = `${state}
local s = read(KEYS[1])
if at >= s.paused then s.factor = math.max(${leastFactor}, factor(s) / 2) end
s.paused = math.max(s.paused, at + math.max(${shortestPauseMs}, tonumber(ARGV[1])))
s.trying = true
write(KEYS[1], s)
`

/** ARGV: the rate. */
const goOn = `${state}
local s = read(KEYS[1])
if s.trying and at >= s.paused then
  s.trying = false
  s.since = at
  s.at = math.min(s.at, at + unit(s, tonumber(ARGV[1])))
  write(KEYS[1], s)
end
`

/** One hash slot, so that a script may touch the account and the sender together. */
const keyOf = ({ key }: Limit): string => `relais:{pace}:${key}`

/**
 * Paces what leaves from all machines together. Where Redis does not answer, `alone` goes on with a part of every
 * rate that workers who know nothing of each other may add up: slower than allowed rather than faster. `now` replaces
 * Redis' clock (milliseconds), for tests.
 */
export function redisPace(redis: Redis, alone: Pace, log: Logger, now?: () => number): Pace {
  let isLost = false
  async function or<T>(work: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> {
    try {
      const done = await work()
      if (isLost) log.info('Messages leave at the full rate again: Redis answers')
      isLost = false
      return done
    } catch (error) {
      if (!isLost) log.warn({ err: error }, 'Redis does not answer: messages leave at a part of the rate until it does')
      isLost = true
      return otherwise()
    }
  }
  const run = (script: string, limits: readonly Limit[], args: readonly (string | number)[]) =>
    redis.eval(script, limits.length, ...limits.map(keyOf), ...args, now?.() ?? '')
  const rates = (limits: readonly Limit[]) => limits.map(({ ratePerSecond }) => ratePerSecond)
  const shared = (limits: readonly Limit[]) =>
    limits.map((limit) => ({ ...limit, ratePerSecond: limit.ratePerSecond * shareWithoutRedis }))

  return {
    take: (limits, costs, isUrgent) =>
      or(
        async () => {
          const args = [isUrgent ? 1 : 0, limits.length, ...rates(limits), ...costs]
          const [granted, waitMs, slowed] = (await run(take, limits, args)) as [number, number, number]
          return { granted, waitMs, isSlowed: slowed === 1 }
        },
        () => alone.take(shared(limits), costs, isUrgent),
      ),
    correct: (limits, units) =>
      or(
        async () => void (await run(correct, limits, [units, ...rates(limits)])),
        () => alone.correct(shared(limits), units),
      ),
    slowDown: (limit, pauseMs = shortestPauseMs) =>
      or(
        async () => void (await run(slowDown, [limit], [pauseMs])),
        () => alone.slowDown(limit, pauseMs),
      ),
    goOn: (limit) =>
      or(
        async () => void (await run(goOn, [limit], [limit.ratePerSecond])),
        () => alone.goOn(limit),
      ),
  }
}

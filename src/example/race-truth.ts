import { draw } from '../random.ts'

/** Somebody of the partner file, as the truth about them needs it. */
export interface Seller {
  id: string
  code: string
  sector: string
  company: string
}

/** What somebody who takes part is going to do. */
export interface Racer extends Seller {
  /** At the regional meeting on a paper coupon, or by the link of the e-mail once they have it. */
  way: 'coupon' | 'link'
  /** Days between the e-mail and the tap. */
  hesitates: number
  /** The day they leave the race on, if they do. */
  leavesOn?: string
}

export interface Race {
  companies: string[]
  racers: Racer[]
}

const racers = 101
const leavingDays = ['2027-03-09', '2027-03-18', '2027-04-13', '2027-04-22', '2027-05-11']

/**
 * Who takes part and how, drawn from the seed: every company but one, at least one person of each, 101 people in all,
 * of whom five leave. The engine learns of it act by act.
 */
export function raceOf(seed: string, sellers: readonly Seller[]): Race {
  const codes = [...new Set(sellers.map(({ code }) => code))]
  const absent = codes[Math.floor(draw(seed, 'absent') * codes.length)]
  const there = sellers.filter(({ code }) => code !== absent)
  const byLot = there.toSorted((a, b) => draw(seed, 'takes part', a.id) - draw(seed, 'takes part', b.id))
  const firsts = byLot.filter((one, at) => byLot.findIndex(({ code }) => code === one.code) === at)
  const chosen = [...firsts, ...byLot.filter((one) => !firsts.includes(one))].slice(0, racers)
  const leaving = chosen.toSorted((a, b) => draw(seed, 'leaves', a.id) - draw(seed, 'leaves', b.id))
  return {
    companies: codes.filter((code) => code !== absent),
    racers: chosen.map((one) => {
      const leavesOn = leavingDays[leaving.indexOf(one)]
      return {
        ...one,
        way: draw(seed, 'way', one.id) < 0.55 ? 'coupon' : 'link',
        hesitates: Math.floor(draw(seed, 'hesitates', one.id) * 14),
        ...(leavesOn === undefined ? {} : { leavesOn }),
      }
    }),
  }
}

/** A line of a month's file of results. */
export interface Sale {
  /** The line's own number: told again it is the same. */
  line: string
  whom: string
  day: string
  quantity: number
}

/** What somebody sells in a month, `2027-02`: none to four sales of one to three pieces. */
export function salesOf(seed: string, whom: string, month: string): Sale[] {
  const count = Math.floor(draw(seed, 'sales', whom, month) * 5)
  return Array.from({ length: count }, (_, at) => ({
    line: `${month}:${whom}:${at}`,
    whom,
    day: `${month}-${String(1 + Math.floor(draw(seed, 'day', whom, month, at) * 25)).padStart(2, '0')}`,
    quantity: 1 + Math.floor(draw(seed, 'quantity', whom, month, at) * 3),
  }))
}

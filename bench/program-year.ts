import { playExample } from '../src/example/play.ts'
import { whatMustCome } from './amadeus-calendar.ts'
import { answer } from './in-child.ts'

/** Plays a year of the agencies at so many hundredths of its size, and compares each month with the calendar. */
const percent = Number(process.argv[2])
const began = performance.now()
const { figures } = await playExample('amadeus-4000', { percent, seed: '1' })
const due = whatMustCome(percent, '1')
const sent = figures.months as typeof due
const wrong = due.filter((month, at) => JSON.stringify(month) !== JSON.stringify(sent[at])).map(({ month }) => month)
answer({ wrong, letters: figures.letters, seconds: Math.round((performance.now() - began) / 1_000) })

import { systemClock } from '../clock.ts'
import type { Line, Setting } from './fault.ts'
import { faults } from './faults.ts'

/** Runs these faults one after another; `told` hears of each line as it is found. */
export async function runChaos(
  names: readonly string[],
  setting: Setting,
  told: (line: Line) => void = () => undefined,
): Promise<Line[]> {
  const lines: Line[] = []
  for (const { name, what, run } of faults.filter((fault) => names.includes(fault.name))) {
    const began = systemClock.now().getTime()
    const found = await run(setting)
    const seconds = Math.round((systemClock.now().getTime() - began) / 100) / 10
    const line: Line =
      typeof found === 'string'
        ? { fault: name, what, seconds, messages: 0, kills: 0, lost: 0, extra: 0, notes: [], notRun: found }
        : { fault: name, what, seconds, ...found }
    lines.push(line)
    told(line)
  }
  return lines
}

/** Whether a line breaks the promise: nothing lost, nothing extra. */
export const isBroken = ({ lost, extra }: Line): boolean => lost !== 0 || extra !== 0

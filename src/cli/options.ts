import { Option } from 'commander'
import { BadInput } from './io.ts'

export const networkOption = () => new Option('--network <name>', 'the network meant; needed when there are several')

/** An instant as a command line gives it, with its zone. Throws BadInput. */
export function instant(text: string, option: string): Date {
  const at = new Date(text)
  if (Number.isNaN(at.getTime()) || !/(Z|[+-]\d\d:?\d\d)$/.test(text))
    throw new BadInput(`${option} "${text}" is not an instant: write it with its zone, such as 2027-01-11T08:30+01:00.`)
  return at
}

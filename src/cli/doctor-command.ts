import type { Register } from './command.ts'
import { Failed } from './io.ts'
import { table } from './table.ts'

const marks = { ok: 'ok', unset: '–', warn: 'warn', bad: 'BAD' } as const

/** relais doctor */
export const doctorCommand: Register = (program, cli) => {
  program
    .command('doctor')
    .description('looks at every setting, provider and promise; says what is wrong and how to mend it')
    .action(async () => {
      const relais = await cli.relais()
      const { examine } = await import('../doctor/examine.ts')
      const findings = await examine(relais, process.env)
      const mends = findings.filter((finding) => finding.mend)
      cli.show(
        { findings },
        [
          table(
            ['', 'about', 'says'],
            findings.map(({ about, health, says }) => [marks[health], about, says]),
          ),
          ...(mends.length > 0 ? ['', 'To mend:', ...mends.map(({ about, mend }) => `- ${about}: ${mend}`)] : []),
        ].join('\n'),
      )
      const bad = findings.filter(({ health }) => health === 'bad').length
      if (bad > 0) throw new Failed(`${bad} of ${findings.length} findings need mending.`)
    })
}

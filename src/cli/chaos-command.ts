import { Option } from 'commander'
import type { Register } from './command.ts'
import { BadInput, Failed } from './io.ts'
import { table } from './table.ts'

/** relais chaos [NAME…] */
export const chaosCommand: Register = (program, cli) => {
  program
    .command('chaos')
    .description(
      'kills an installation of its own again and again beside providers that fail; counts what is lost or extra',
    )
    .argument('[name...]', 'faults to run, such as F1 F9; without any, all')
    .option('--seed <seed>', 'repeats a run: who meets which fault, and when', '1')
    .option('--quick', 'small: minutes instead of a quarter of an hour')
    .addOption(new Option('--postgres <url>', 'an empty PostgreSQL database, for the faults of several workers'))
    .action(async (names: string[], options: { seed: string; quick?: true; postgres?: string }) => {
      const { faults } = await import('../chaos/faults.ts')
      const known = faults.map(({ name }) => name)
      const unknown = names.find((name) => !known.includes(name))
      if (unknown !== undefined) throw new BadInput(`There is no fault ${unknown}; there is ${known.join(', ')}.`)
      const { isBroken, runChaos } = await import('../chaos/run.ts')
      const { postgresFor } = await import('../chaos/postgres.ts')
      const postgres = postgresFor(options.postgres)
      try {
        const setting = { seed: options.seed, scale: options.quick ? 0.1 : 1, postgres: postgres.database }
        const wanted = names.length > 0 ? names : known
        cli.io.err(`seed ${options.seed}\n`)
        const lines = await runChaos(wanted, setting, ({ fault, what, seconds, notRun }) =>
          cli.io.err(`${fault} ${what}: ${notRun === undefined ? `${seconds} s` : `not run, ${notRun}`}\n`),
        )
        cli.show(
          lines.map((line) => ({ ...line, seed: options.seed })),
          [
            table(
              ['fault', 'what', 'messages', 'kills', 'lost', 'extra', 'seconds'],
              lines
                .filter(({ notRun }) => notRun === undefined)
                .map(({ fault, what, messages, kills, lost, extra, seconds }) => [
                  fault,
                  what,
                  messages,
                  kills,
                  lost,
                  extra,
                  seconds,
                ]),
            ),
            '',
            ...lines.flatMap(({ fault, notes, notRun }) =>
              notRun === undefined ? notes.map((note) => `${fault}  ${note}`) : [`${fault}  not run: ${notRun}`],
            ),
            `seed ${options.seed}`,
          ].join('\n'),
        )
        const broken = lines.filter(isBroken)
        if (broken.length > 0)
          throw new Failed(`Lost or extra: ${broken.map(({ fault }) => fault).join(', ')} (seed ${options.seed}).`)
      } finally {
        await postgres.close()
      }
    })
}

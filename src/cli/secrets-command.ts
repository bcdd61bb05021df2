import type { Register } from './command.ts'
import { Failed } from './io.ts'

/** relais secrets rotate */
export const secretsCommand: Register = (program, cli) => {
  const secrets = program.command('secrets').description('the providers’ credentials that networks have stored')

  secrets
    .command('rotate')
    .description('seals them anew under RELAIS_SECRET; the secret before it is in RELAIS_SECRET_OLD')
    .action(async () => {
      const { context } = await cli.relais()
      const { rotateSecrets } = await import('../network/rotate-secrets.ts')
      const rotation = await rotateSecrets(context.db, context.vault, context.wall)
      const { rotated, already, unreadable } = rotation
      cli.show(
        rotation,
        `${rotated} sealed anew, ${already} already under the present RELAIS_SECRET.${
          unreadable.length === 0 ? ' RELAIS_SECRET_OLD is needed no more for them.' : ''
        }`,
      )
      if (unreadable.length > 0)
        throw new Failed(
          `These cannot be opened: ${unreadable.map(({ network, provider }) => `${provider} of ${network}`).join(', ')}. Give the secret they were sealed under in RELAIS_SECRET_OLD, to the server too if one runs, or enter the credentials again in the settings.`,
        )
    })
}

import type { Register } from './command.ts'

/** relais sign-in-link [EMAIL] */
export const signInLinkCommand: Register = (program, cli) => {
  program
    .command('sign-in-link')
    .description('a fresh one-time link for the operator at the console')
    .argument('[email]', 'a user; without it, the owner')
    .action(async (email: string | undefined) => {
      const { context } = await cli.relais()
      const { createOwnerSignInLink } = await import('../accounts/owner-link.ts')
      const link = await createOwnerSignInLink(context, email)
      cli.show({ link }, link)
    })
}

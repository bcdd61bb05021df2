import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Register } from './command.ts'
import { BadInput } from './io.ts'

/** relais backup FOLDER */
export const backupCommand: Register = (program, cli) => {
  program
    .command('backup')
    .description('copies the installation as it stands now into a new folder, also while a server runs')
    .argument('<folder>')
    .action(async (folder: string) => {
      const path = resolve(cli.io.cwd, folder)
      if (existsSync(path)) throw new BadInput(`${folder} is there already; name a folder that is not.`)
      const { context } = await cli.relais()
      const { backUp } = await import('../backup/back-up.ts')
      const { version } = await import('../version.ts')
      const { BackupRefused } = await import('../backup/manifest.ts')
      const { backedUpAt, counts, hashes } = await backUp(context, path, version).catch((error: Error) => {
        throw error instanceof BackupRefused ? new BadInput(error.message) : error
      })
      const rows = Object.values(counts).reduce((sum, count) => sum + count, 0)
      cli.show(
        { folder: path, backedUpAt, counts, files: Object.keys(hashes).length },
        `${folder} holds ${rows} rows and ${Object.keys(hashes).length} files, as of ${backedUpAt.toISOString()}.\n` +
          'Keep RELAIS_SECRET (or the file named secret in the data folder) elsewhere: it is not in the back-up.',
      )
    })
}

/** relais restore FOLDER */
export const restoreCommand: Register = (program, cli) => {
  program
    .command('restore')
    .description('puts a back-up into an empty installation; what may have left since is asked of the providers first')
    .argument('<folder>')
    .action(async (folder: string) => {
      const path = resolve(cli.io.cwd, folder)
      if (!existsSync(path)) throw new BadInput(`There is no ${folder}.`)
      const { context } = await cli.relais()
      const { restore } = await import('../backup/restore.ts')
      const { BackupRefused } = await import('../backup/manifest.ts')
      const { ImportRefused } = await import('../backup/import-all.ts')
      try {
        const { backedUpAt, counts } = await restore(context, path)
        cli.show(
          { folder: path, backedUpAt, counts },
          `Restored as of ${backedUpAt.toISOString()}.\n` +
            'Start the server: whatever was due since is asked of its provider before it is sent; what no provider can ' +
            'tell waits for a person.',
        )
      } catch (error) {
        throw error instanceof BackupRefused || error instanceof ImportRefused ? new BadInput(error.message) : error
      }
    })
}

import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const profile = 'channels/print/fogra39-relais.icc'

/**
 * The program built once for the whole run, under RELAIS_BUILT: a process of it starts at half the cost of one that
 * reads TypeScript. Inside the repository, from where it finds its packages and its templates.
 */
export default function setup() {
  if (process.env.RELAIS_BUILT) return
  mkdirSync(join(root, '.tmp'), { recursive: true })
  const built = mkdtempSync(join(root, '.tmp/built-'))
  // A test starts it as another user, who must be able to read it.
  chmodSync(built, 0o755)
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  // The types are looked at by npm run check: once is enough.
  execFileSync(process.execPath, [tsc, '-p', 'test/tsconfig.built.json', '--noCheck', '--outDir', built], {
    cwd: root,
    stdio: 'inherit',
  })
  mkdirSync(join(built, 'channels/print'), { recursive: true })
  copyFileSync(join(root, profile), join(built, profile))
  process.env.RELAIS_BUILT = built
  return () => {
    delete process.env.RELAIS_BUILT
    rmSync(built, { recursive: true, force: true })
  }
}

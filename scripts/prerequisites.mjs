// What the tests need beyond npm. Missing packages are installed when we may, else named in one line: nothing is
// skipped in silence. Plain JavaScript: it runs before anything is built.
import { execFileSync, spawnSync } from 'node:child_process'

/** Command that must be there → the Debian package that brings it. */
const needed = {
  chromium: 'chromium',
  pdftotext: 'poppler-utils',
  qpdf: 'qpdf',
  zbarimg: 'zbar-tools',
  gs: 'ghostscript',
  'redis-server': 'redis-server',
}

const isThere = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
const missing = [...new Set(Object.entries(needed).flatMap(([command, name]) => (isThere(command) ? [] : [name])))]

if (missing.length > 0) {
  const line = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`
  const mayInstall = process.getuid?.() === 0 && isThere('apt-get')
  if (!mayInstall) {
    console.error(`The tests need ${missing.join(', ')}. Install them as root, then run npm test again:\n  ${line}`)
    process.exit(1)
  }
  console.log(`Installing what the tests need: ${missing.join(', ')}`)
  execFileSync('sh', ['-c', line], { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
}

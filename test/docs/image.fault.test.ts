import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')
let image: string
beforeAll(() => {
  image = mkdtempSync(join(tmpdir(), 'relais-image-'))
})
afterAll(() => rmSync(image, { recursive: true, force: true }))

/** What the last stage of the Dockerfile copies, put together without Docker: the program must need nothing else. */
function assemble() {
  const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
  const copied = [...lastStage.matchAll(/^COPY --from=build \/relais\/(\S+) (\S+)$/gm)].map(([, from, to]) => ({
    from: from!,
    to: to!.endsWith('/') ? join(to!, basename(from!)) : to!,
  }))
  for (const { from, to } of copied) {
    if (from === 'dist') continue
    mkdirSync(join(image, dirname(to)), { recursive: true })
    if (from === 'node_modules') symlinkSync(join(root, from), join(image, to))
    else cpSync(join(root, from), join(image, to), { recursive: true })
  }
  const build = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { build: string } }).scripts
    .build
  expect(build).toMatch(/^tsc -p tsconfig\.build\.json && cp (\S+) dist\/(\S+)$/)
  const [, file, folder] = /&& cp (\S+) (\S+)$/.exec(build)!
  const out = join(image, 'dist')
  // The types are looked at by npm run check: once is enough.
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', out], {
    cwd: root,
  })
  cpSync(join(root, file!), join(image, folder!, basename(file!)))
  return copied
}

test('what the image holds is enough to serve: pages, styles, the example network', async () => {
  const copied = assemble()
  expect(copied.map(({ from }) => from)).toContain('dist')
  const [, program] = /ENTRYPOINT \["node", "(\S+)"\]/.exec(dockerfile)!
  const server = spawn(process.execPath, [join(image, program!), 'serve', '--json'], {
    cwd: image,
    env: {
      PATH: process.env.PATH,
      RELAIS_DATA: join(image, 'data'),
      PORT: '0',
      LOG_LEVEL: 'error',
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let said = ''
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      server.emit('said')
    })
    while (!said.includes('\n') && server.exitCode === null)
      await Promise.race([once(server, 'said'), once(server, 'exit')])
    const { port } = JSON.parse(said) as { port: number }
    const origin = `http://127.0.0.1:${port}`
    const ready = await fetch(`${origin}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', reasons: [] }])
    const page = await (await fetch(`${origin}/sign-in`)).text()
    const [stylesheet] = /\/assets\/[^"]+\.css/.exec(page)!
    expect((await fetch(origin + stylesheet)).status).toBe(200)
    expect(existsSync(join(image, 'data/relais.db'))).toBe(true)
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
})

test('the image runs a Node that the package allows', () => {
  const versions = [...dockerfile.matchAll(/^FROM node:(\d+)/gm)].map(([, version]) => Number(version))
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { engines: { node: string } }
  const least = Number(/>=(\d+)/.exec(engines.node)?.[1])
  expect(versions).toHaveLength(2)
  for (const version of versions) expect(version).toBeGreaterThanOrEqual(least)
})

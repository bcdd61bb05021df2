import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { PageHandler } from '../http/page-env.ts'
import { packageRoot } from '../root.ts'

const require = createRequire(import.meta.url)

/** One sheet from several, in reading order: what all pages share, then what is one room's own. */
const sheets = [
  'styles/tokens.css',
  'styles/elements.css',
  'styles/controls.css',
  'styles/frame.css',
  'styles/pieces.css',
  'styles/tables.css',
  'styles/accounts.css',
  'styles/home.css',
  'styles/network.css',
  'styles/policy.css',
  'styles/campaigns.css',
  'styles/challenge.css',
  'styles/calendar.css',
  'styles/inbox.css',
  'styles/results.css',
  'styles/journey.css',
  'styles/segments.css',
  'styles/write.css',
  'relais.css',
]

const files = {
  'relais.css': {
    paths: sheets.map((name) => join(packageRoot, 'src/web', name)),
    type: 'text/css; charset=utf-8',
  },
  'htmx.js': { paths: [require.resolve('htmx.org/dist/htmx.min.js')], type: 'text/javascript; charset=utf-8' },
  'passkey.js': { paths: [join(packageRoot, 'src/web/public/passkey.js')], type: 'text/javascript; charset=utf-8' },
  'write.js': { paths: [join(packageRoot, 'src/web/console/write/write.js')], type: 'text/javascript; charset=utf-8' },
  'plex-regular.ttf': {
    paths: [require.resolve('@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf')],
    type: 'font/ttf',
  },
  'plex-semibold.ttf': {
    paths: [require.resolve('@expo-google-fonts/ibm-plex-sans/600SemiBold/IBMPlexSans_600SemiBold.ttf')],
    type: 'font/ttf',
  },
  'icon.svg': { paths: [join(packageRoot, 'src/web/icon.svg')], type: 'image/svg+xml' },
} as const

export type AssetName = keyof typeof files

export interface Assets {
  /** The address of a file; it changes with any file's bytes, so browsers may keep it for ever. */
  url(name: AssetName): string
  /** A file of text as it is, for a document that may fetch none. */
  text(name: AssetName): string
  serve: PageHandler
}

const isAsset = (name: string): name is AssetName => Object.hasOwn(files, name)

/** Style, fonts and script from this server alone: a closed list read once, so no path of a client's is ever opened. */
export function loadAssets(): Assets {
  const loaded = new Map(
    Object.entries(files).map(([name, { paths, type }]) => {
      const plain = Buffer.concat(paths.map((path) => readFileSync(path)))
      return [name, { type, plain }]
    }),
  )
  const compressed = new Map<AssetName, Uint8Array<ArrayBuffer>>()
  /** Compressed when first asked for: all of them at once would hold up every start. */
  const gzipOf = (name: AssetName, plain: Buffer) => {
    const bytes = compressed.get(name) ?? new Uint8Array(gzipSync(plain, { level: 9 }))
    compressed.set(name, bytes)
    return bytes
  }
  const digest = createHash('sha256')
  for (const { plain } of loaded.values()) digest.update(plain)
  const version = digest.digest('hex').slice(0, 12)

  return {
    url: (name) => `/assets/${version}/${name}`,
    text: (name) => loaded.get(name)?.plain.toString('utf8') ?? '',
    serve: (c) => {
      const name = c.req.param('name') ?? ''
      if (!isAsset(name)) return c.notFound()
      const file = loaded.get(name)
      if (!file) return c.notFound()
      c.header('content-type', file.type)
      c.header('vary', 'accept-encoding')
      c.header('cache-control', c.req.param('version') === version ? 'public, max-age=31536000, immutable' : 'no-cache')
      if (/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) {
        c.header('content-encoding', 'gzip')
        return c.body(gzipOf(name, file.plain))
      }
      return c.body(new Uint8Array(file.plain))
    },
  }
}

/** The words in `templates/`: one file per template, language and channel, and the layouts that give them form. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Layouts, withLayout } from '../render/layout.ts'
import { packageRoot } from '../root.ts'
import { type ChannelName, channelNames, type Language, languages } from '../words.ts'

export interface TemplateWords {
  /** The words followed by the layout they take, so that a stored content version is whole. */
  source: string
  /** Below the templates folder, such as challenge/teaser.fr.email.md. */
  path: string
}

export interface TemplateCatalog {
  /** The words for a channel and language; undefined when they were not written. */
  find(template: string, channel: ChannelName, language: Language): TemplateWords | undefined
  /** The channels a template has words for, in any language. */
  channels(template: string): ChannelName[]
  /** Every template's name. */
  names: ReadonlySet<string>
  /** Layouts by file name, such as email.mjml. */
  layouts: Layouts
  /** Files whose names say neither language nor channel: probably a typing error. */
  unread: readonly string[]
}

const layoutFolder = 'layouts/'

/** Reads a templates folder; by default the package's own. */
export function loadTemplates(folder: string = join(packageRoot, 'templates')): TemplateCatalog {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(md|txt|mjml)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return templateCatalog(
    Object.fromEntries(
      files.map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
    ),
  )
}

/** A catalogue of files given by their path below the templates folder. */
export function templateCatalog(files: Readonly<Record<string, string>>): TemplateCatalog {
  const layouts: Layouts = {}
  const words = new Map<string, { path: string; text: string; channel: ChannelName }>()
  const channels = new Map<string, Set<ChannelName>>()
  const unread: string[] = []
  for (const [path, text] of Object.entries(files)) {
    if (path.startsWith(layoutFolder)) {
      layouts[path.slice(layoutFolder.length)] = text
      continue
    }
    const read = readName(path)
    if (!read) {
      unread.push(path)
      continue
    }
    words.set(key(read.template, read.channel, read.language), { path, text, channel: read.channel })
    channels.set(read.template, (channels.get(read.template) ?? new Set()).add(read.channel))
  }
  return {
    layouts,
    unread,
    names: new Set(channels.keys()),
    channels: (template) => channelNames.filter((channel) => channels.get(template)?.has(channel)),
    find: (template, channel, language) => {
      const found = words.get(key(template, channel, language))
      return found && { path: found.path, source: withLayout(found.text, channel, layouts) }
    },
  }
}

const key = (template: string, channel: string, language: string) => `${template}\n${channel}\n${language}`

const namePattern = new RegExp(`^(.+)\\.(${languages.join('|')})\\.(${channelNames.join('|')})\\.(?:md|txt)$`)

function readName(path: string): { template: string; language: Language; channel: ChannelName } | undefined {
  const found = namePattern.exec(path)
  if (!found) return undefined
  const [, template, language, channel] = found as unknown as [string, string, Language, ChannelName]
  return { template, language, channel }
}

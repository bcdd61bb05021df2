import type { EmailContent, Face, IntranetContent } from '../../../channel.ts'
import { escaped } from './escaped.ts'

/** A post in its network's colours: a band with the logo and the title, then the words. */
const faceStyle = ({ main, onMain, accent }: Face): string =>
  `.head{background:${main};color:${onMain};border-bottom:4px solid ${accent}}.head h1{margin:0;padding:20px 24px;font-size:24px}` +
  '.logo{margin:0;padding:12px 24px;background:#fff}.logo img{display:block;height:40px;width:auto}main{padding:8px 24px 24px}'

const head = (title: string, { logo }: Face): string => {
  const mark = logo
    ? `<p class="logo"><img src="${escaped(logo.url)}" width="${logo.width}" height="${logo.height}" alt="${escaped(logo.alt)}"></p>`
    : ''
  return `${mark}<div class="head"><h1>${escaped(title)}</h1></div>`
}

/**
 * The HTML shown inside the frame of a preview. Links open nowhere: the frame is sandboxed without pop-ups and the
 * base target asks for one, so that trying a link counts for nobody.
 */
export function framedContent(content: EmailContent | IntranetContent): string {
  const base = '<base target="_blank">'
  if (content.channel === 'email')
    return /<head[^>]*>/i.test(content.html)
      ? content.html.replace(/<head[^>]*>/i, (head) => head + base)
      : base + content.html
  const { face } = content
  return `<!doctype html><html><head>${base}<meta charset="utf-8"><meta name="color-scheme" content="light dark"><style>
:root{color-scheme:light dark}body{margin:0;font:16px/1.6 system-ui,sans-serif;color:CanvasText;overflow-wrap:anywhere}
h1,h2,h3{line-height:1.25}a{color:LinkText}img{max-width:100%}table{border-collapse:collapse}td,th{border:1px solid;padding:.3em .6em}
${face ? faceStyle(face) : ''}</style></head><body>${face ? head(content.title, face) : ''}${face ? `<main>${content.html}</main>` : content.html}</body></html>`
}

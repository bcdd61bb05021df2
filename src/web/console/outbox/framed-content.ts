import type { EmailContent, IntranetContent } from '../../../channel.ts'

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
  return `<!doctype html><html><head>${base}<meta charset="utf-8"><meta name="color-scheme" content="light dark"><style>
:root{color-scheme:light dark}body{margin:0;font:16px/1.6 system-ui,sans-serif;color:CanvasText;overflow-wrap:anywhere}
h1,h2,h3{line-height:1.25}a{color:LinkText}img{max-width:100%}table{border-collapse:collapse}td,th{border:1px solid;padding:.3em .6em}
</style></head><body>${content.html}</body></html>`
}

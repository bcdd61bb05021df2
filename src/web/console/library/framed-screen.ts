import type { ScreenContent } from '../../../channel.ts'
import { escaped } from '../outbox/escaped.ts'

/** A counter screen as a frame of ours shows it, in the colours of its network. */
export function framedScreen({ title, text, asksAcknowledgement, face }: ScreenContent, acknowledge: string): string {
  const { main, onMain, accent, logo } = face ?? { main: '#0a6070', onMain: '#ffffff', accent: '#e0a526' }
  const mark = logo
    ? `<p class="logo"><img src="${escaped(logo.url)}" width="${logo.width}" height="${logo.height}" alt="${escaped(logo.alt)}"></p>`
    : ''
  const button = asksAcknowledgement ? `<p class="button">${escaped(acknowledge)}</p>` : ''
  return `<!doctype html><html><head><meta charset="utf-8"><style>
html,body{height:100%}body{margin:0;display:grid;grid-template-rows:auto 1fr;font:20px/1.5 system-ui,sans-serif;background:${main};color:${onMain};border-top:12px solid ${accent};box-sizing:border-box;overflow:hidden}
.logo{margin:0;padding:12px 24px;background:#fff}.logo img{display:block;height:44px;width:auto}
main{align-self:center;padding:16px 32px}h1{margin:0 0 12px;font-size:30px;line-height:1.2}p{margin:0;white-space:pre-line}
.button{display:inline-block;margin-top:20px;padding:8px 20px;border:2px solid;border-radius:8px;font-weight:600}
</style></head><body>${mark || '<span></span>'}<main><h1>${escaped(title)}</h1><p>${escaped(text)}</p>${button}</main></body></html>`
}

import type { PageContext } from '../../http/page-env.ts'

/** A field of the posted form as text; empty when it is missing, and when a file was sent in its place. */
export async function formText(c: PageContext, name: string): Promise<string> {
  const value = (await c.req.parseBody())[name]
  return typeof value === 'string' ? value : ''
}

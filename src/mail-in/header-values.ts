/** At most so many of anything that a header lists: what is beyond is nobody's thread. */
const mostListed = 100

/** The message ids a header names, without `<` and `>`, in its order (RFC 5322, 3.6.4). */
export const messageIds = (value: string): string[] =>
  [...value.slice(0, 20_000).matchAll(/<([^<>\s]{1,300})>/g)].slice(0, mostListed).map(([, id]) => id!)

/** The mailboxes in a header or a list, lower-cased; names and comments are left out. */
export const mailboxesIn = (value: string): string[] =>
  [...value.slice(0, 20_000).matchAll(/[^\s<>,;:"'()[\]@]{1,64}@[A-Za-z0-9.-]{1,255}/g)]
    .slice(0, mostListed)
    .map(([mailbox]) => mailbox.toLowerCase())

/** Header fields by lower-case name; folded lines are joined (RFC 5322, 2.2.3). What is no field is left out. */
export function headerFields(block: string): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  const unfolded = block.replace(/\r\n?/g, '\n').replace(/\n[ \t]+/g, ' ')
  for (const line of unfolded.split('\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase().trim()
    if (colon < 1 || !/^[\x21-\x7e]{1,100}$/.test(name)) continue
    const known = fields.get(name)
    const value = line.slice(colon + 1).trim()
    if (known) known.push(value)
    else fields.set(name, [value])
  }
  return fields
}

/** What the operator must mend when a database cannot be opened, by the driver's code. */
const atServer: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there. Start PostgreSQL, or mend host and port',
  ENOTFOUND: 'there is no such host. Mend its name',
  EAI_AGAIN: 'its name could not be looked up. Check the network',
  ETIMEDOUT: 'it does not answer. Check the network and its firewall',
  ECONNRESET: 'it closed the connection. Check that PostgreSQL listens there',
  '28P01': 'it refused the password. Mend user and password',
  '28000': 'it refused the user. Mend user and password',
  '3D000': 'it has no such database. Create it with createdb, or mend its name',
  '42501': 'the user may not create tables. Give it rights on its own database',
}

const inFile: Record<string, string> = {
  SQLITE_CANTOPEN: 'cannot be opened. Check that the folder exists and is yours',
  SQLITE_READONLY: 'cannot be written. Check its permissions and owner',
  SQLITE_NOTADB: 'is not a database. Move it away, or restore a back-up',
  SQLITE_CORRUPT: 'is damaged. Restore a back-up',
  SQLITE_FULL: 'cannot grow: the disk is full. Make room',
  SQLITE_IOERR: 'cannot be read or written: the disk reports an error',
}

/** One sentence for the operator, or undefined when the error is of another kind. Never shows the password. */
export function openProblem(error: unknown, location: { path: string; url?: string }): string | undefined {
  const { code: own, cause } = error as { code?: unknown; cause?: { code?: unknown } }
  const code = own ?? cause?.code
  if (typeof code !== 'string') return undefined
  if (location.url !== undefined) {
    const reason = atServer[code]
    if (reason === undefined) return undefined
    const { host, pathname } = new URL(location.url)
    return `DATABASE_URL leads to ${host}${pathname}: ${reason} (${code}).`
  }
  const family = Object.keys(inFile).find((known) => code === known || code.startsWith(`${known}_`))
  return family && `${location.path} ${inFile[family]} (${code}).`
}

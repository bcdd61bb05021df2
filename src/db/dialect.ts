/** One process talks to one database; which one is decided by DATABASE_URL, here and nowhere else. */
export type Dialect = 'sqlite' | 'postgres'

export const dialectOf = (url: string | undefined): Dialect => (url?.startsWith('postgres') ? 'postgres' : 'sqlite')

export const dialect: Dialect = dialectOf(process.env.DATABASE_URL)

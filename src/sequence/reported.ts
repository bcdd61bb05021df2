/** The name of what a program told us happened, from what is kept of it. */
export const reportedName = (data: Readonly<Record<string, unknown>>): string | undefined =>
  typeof data.name === 'string' ? data.name : undefined

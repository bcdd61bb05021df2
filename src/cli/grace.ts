/** What is in flight gets this long to end when the process is asked to stop; orchestrators commonly kill after 30 s. */
export const graceMs = 25_000
/** And so long what is open to be closed. */
export const closingMs = 3_000

/** Waits for all of it, or until so many milliseconds have passed. */
export const within = (ms: number, work: readonly (Promise<void> | undefined)[]): Promise<unknown> =>
  Promise.race([Promise.all(work), new Promise((resolve) => setTimeout(resolve, ms).unref())])

import type { View } from '../../view.ts'

/** The address of a list as it is filtered now, with something changed; an undefined part is left out. */
export const listAddress =
  (view: View, path: string, now: Readonly<Record<string, string | undefined>>) =>
  (change: Record<string, string | undefined>): string => {
    const query = new URLSearchParams()
    const parts = { network: view.network?.name, ...now, ...change }
    for (const [name, value] of Object.entries(parts)) if (value) query.set(name, value)
    return `${path}?${query}`
  }

import type { View } from './view.ts'

/** A path with the network one is in, so that several tabs can show several networks. */
export const inNetwork = (view: View, path: string): string =>
  view.network ? `${path}${path.includes('?') ? '&' : '?'}network=${encodeURIComponent(view.network.name)}` : path

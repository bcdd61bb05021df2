import type { Permission } from '../accounts/policy.ts'

/** The rooms of the console in the order people go through them, and what opens each door. */
export const rooms = [
  { name: 'home', path: '/console', permission: 'network.read' },
  { name: 'network', path: '/console/contacts', permission: 'contact.read' },
  { name: 'segments', path: '/console/segments', permission: 'segment.read' },
  { name: 'campaigns', path: '/console/campaigns', permission: 'campaign.read' },
  { name: 'results', path: '/console/results', permission: 'result.read' },
  { name: 'inbox', path: '/console/inbox', permission: 'conversation.read' },
  { name: 'outbox', path: '/console/outbox', permission: 'delivery.read' },
  { name: 'library', path: '/console/library', permission: 'library.read' },
  { name: 'policy', path: '/console/policy', permission: 'policy.read' },
  { name: 'settings', path: '/console/settings', permission: 'settings.read' },
] as const satisfies { name: string; path: string; permission: Permission }[]

export type Room = (typeof rooms)[number]['name']

import type { MessageClass } from '../words.ts'
import type { RoutableMessage } from './types.ts'

/**
 * What the class of a message makes it obey. Commercial prospecting needs a basis and keeps the pressure caps
 * (France: CPCE L.34-5; a supplier's challenge for a reseller's staff is commercial). A contract's necessary
 * messages need none but wait for decent hours; an answer to the person's own act waits for nothing.
 */
export const classRules: Record<MessageClass, { asksConsent: boolean; keepsHours: boolean; isCapped: boolean }> = {
  urgent_service: { asksConsent: false, keepsHours: false, isCapped: false },
  contractual: { asksConsent: false, keepsHours: true, isCapped: false },
  transactional: { asksConsent: false, keepsHours: false, isCapped: false },
  relational: { asksConsent: true, keepsHours: true, isCapped: true },
  marketing: { asksConsent: true, keepsHours: true, isCapped: true },
}

/** Routed by the fixed waterfall: never scored, explored or held out. */
export const isUrgent = (message: Pick<RoutableMessage, 'class' | 'urgency'>): boolean =>
  message.class === 'urgent_service' || message.urgency === 'immediate'

/** Speaks to one person, so a shared mailbox must not read it. */
export const isPersonal = (message: Pick<RoutableMessage, 'class' | 'intent' | 'isPersonal'>): boolean =>
  message.isPersonal ?? (message.class === 'transactional' || message.intent === 'relationship')

export * from '../../src/chaos/providers/twilio.ts'

export * from '../../src/chaos/providers/sendgrid.ts'

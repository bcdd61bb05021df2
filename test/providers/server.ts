export * from '../../src/chaos/providers/server.ts'

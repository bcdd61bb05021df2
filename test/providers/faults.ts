export * from '../../src/chaos/providers/faults.ts'

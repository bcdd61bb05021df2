/**
 * A real Redis for a test, on a free loopback port: `const redis = await startRedis()`, `redis.url`,
 * `await redis.kill()` and `await redis.start()` on the same port, `await redis.close()` in the end.
 */
export { placeForRedis, type RedisServer, startRedis } from '../src/chaos/redis.ts'

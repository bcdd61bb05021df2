import { startTwilio } from '../src/chaos/providers/twilio.ts'

/** The stand-in for Twilio in a process of its own, so that what it costs is nobody's; ends with its parent. */
const twilio = await startTwilio()
process.send?.({ url: twilio.url, accountSid: twilio.accountSid, authToken: twilio.authToken })
process.on('message', () => process.send?.({ taken: new Set(twilio.messages.map((message) => message.to)).size }))
process.on('disconnect', () => process.exit(0))

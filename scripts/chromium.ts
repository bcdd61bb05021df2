import { type Browser, chromium } from 'playwright-core'

/** Debian's Chromium, without a sandbox of its own (it runs as root in CI) and without any call to the internet. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

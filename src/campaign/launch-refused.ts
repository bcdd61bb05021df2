/** The campaign is well written, but cannot be launched as things are; the message says what would mend it. */
export class LaunchRefused extends Error {
  override name = 'LaunchRefused'
}

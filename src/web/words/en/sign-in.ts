export const signIn = {
  signIn: {
    title: 'Sign in',
    welcome: 'One campaign, every contact, the right channel.',
    how: 'Relais signs people in by a one-time link. Ask whoever keeps the server for one or, on the machine:',
    command: 'npm run relais -- sign-in-link',
    atStart: 'The first link is also printed when the server starts.',
    ready: 'Your link is ready',
    once: 'It works once: the session opens in this browser when you press the button.',
    open: 'Open my session',
    closedTitle: 'This link no longer works',
    closed: 'It has been used, it is more than 24 hours old, or it is incomplete.',
  },
}

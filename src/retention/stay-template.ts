/** The words that ask a silent prospect; whoever is behind a link in them may say that they stay. */
export const stayTemplate = 'prospects/stay'

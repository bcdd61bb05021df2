/** Text as HTML shows it, for the pages of a frame, which are put together as text. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** What a winner agrees to. Whoever changes a word of it gives it another version: consents name the one they read. */
export const imageWording = {
  version: '2026-11',
  text: {
    fr: 'J’autorise le réseau à publier ma photo ou le film où j’apparais, avec mon nom et celui de mon établissement, dans les messages et sur les pages de ce challenge, pendant douze mois. Je peux retirer cet accord à tout moment, sans motif : les images sont alors retirées aussitôt.',
    en: 'I allow the network to publish my photo or the film I appear in, with my name and that of my outlet, in the messages and on the pages of this challenge, for twelve months. I may take this back at any time, without a reason: the pictures are then taken down at once.',
  },
} as const

import type { Theme } from './theme.ts'

/** A climb from camp to camp, drawn freely. */
export const ascent: Theme = {
  name: 'ascent',
  title: { fr: 'L’ascension, de camp en camp', en: 'The climb, from camp to camp' },
  stage: { fr: 'camp', en: 'camp' },
  traveller: { fr: 'cordée', en: 'rope' },
  width: 640,
  height: 450,
  land: [
    'M10 430L96 318L140 342L212 214L252 248L356 52L392 96L424 84L500 226L532 206L630 430Z',
    'M356 52L318 124L338 116L352 140L372 118L392 146L408 120L430 130L424 84L392 96Z',
  ],
  relief: ['M212 214L226 262L206 300', 'M500 226L484 282L510 330', 'M140 342L156 380', 'M352 140L340 206L366 250'],
  stops: [
    { name: { fr: 'La vallée', en: 'The valley' }, x: 62, y: 414, label: 'right' },
    { name: { fr: 'Le refuge', en: 'The hut' }, x: 178, y: 372, label: 'right' },
    { name: { fr: 'Le glacier', en: 'The glacier' }, x: 316, y: 352, label: 'below' },
    { name: { fr: 'Le col', en: 'The pass' }, x: 452, y: 306, label: 'right' },
    { name: { fr: 'La moraine', en: 'The moraine' }, x: 366, y: 268, label: 'left' },
    { name: { fr: 'L’éperon', en: 'The spur' }, x: 282, y: 226, label: 'left' },
    { name: { fr: 'L’arête', en: 'The ridge' }, x: 386, y: 176, label: 'right' },
    { name: { fr: 'Le sommet', en: 'The summit' }, x: 356, y: 52, label: 'right' },
  ],
  token: 'M0 -9Q3 -9 3 -6Q3 -3 0 -3Q-3 -3 -3 -6Q-3 -9 0 -9M0 -3L0 4M-6 -1L0 0L6 -4M0 4L-5 11M0 4L5 11M8 -6L8 11',
}

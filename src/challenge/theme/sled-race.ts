import type { Theme } from './theme.ts'

/**
 * A sled race across Canada. Coasts and towns are drawn here from their degrees of latitude and longitude, in
 * Lambert’s conformal conic projection with the parallels 49° and 65°, and rounded to a unit of the drawing.
 */
export const sledRace: Theme = {
  name: 'sled-race',
  title: { fr: 'La course de traîneaux à travers le Canada', en: 'The sled race across Canada' },
  stage: { fr: 'étape', en: 'stage' },
  traveller: { fr: 'attelage', en: 'team' },
  width: 640,
  height: 450,
  land: [
    'M52 308L45 290L33 262L33 222L43 206L39 187L40 161L38 145L21 147L21 128L14 119L51 72L88 26L98 43L112 43L136 51L152 61L170 76L187 98L214 108L247 115L272 116L279 95L286 65L295 91L315 108L324 91L341 93L348 117L328 133L325 156L307 175L286 208L284 232L298 254L325 256L353 271L373 270L379 297L396 315L408 311L400 279L410 250L402 231L389 219L389 196L380 174L401 171L426 177L439 187L445 201L464 194L465 171L491 191L517 209L545 213L568 225L558 251L555 269L508 293L495 323L488 346L501 319L531 300L531 314L543 332L571 326L572 307L582 317L562 348L547 370L540 359L548 341L530 355L513 334L500 335L498 356L492 371L464 381L452 396L429 409L433 417L398 436L401 421L402 393L419 398L402 383L373 381L367 364L340 356L329 367L298 361L280 351L280 356L246 355L213 352L180 347L147 340L115 331L83 321Z',
    'M576 294L568 251L577 237L584 254L608 254L626 268L607 287Z',
    'M450 136L449 155L415 155L377 148L394 127L390 100L357 79L321 83L305 72L303 48L319 37L335 34L381 55L407 73L441 88L442 113L432 136Z',
    'M235 98L197 96L185 73L187 53L209 39L242 51L255 87Z',
    'M166 49L164 29L190 14L199 33Z',
    'M325 150L336 137L363 160L345 176Z',
    'M47 314L34 304L23 270L36 278L44 297Z',
  ],
  relief: ['M52 300L62 276L70 292L80 262L92 290L100 270L112 300', 'M60 230L70 208L80 226L90 204L100 228'],
  stops: [
    { name: { fr: 'Vancouver', en: 'Vancouver' }, x: 54, y: 305, label: 'below' },
    { name: { fr: 'Kamloops', en: 'Kamloops' }, x: 82, y: 297, label: 'above' },
    { name: { fr: 'Calgary', en: 'Calgary' }, x: 131, y: 309, label: 'above' },
    { name: { fr: 'Regina', en: 'Regina' }, x: 204, y: 332, label: 'above' },
    { name: { fr: 'Winnipeg', en: 'Winnipeg' }, x: 264, y: 345, label: 'below' },
    { name: { fr: 'Thunder Bay', en: 'Thunder Bay' }, x: 330, y: 362, label: 'below' },
    { name: { fr: 'Toronto', en: 'Toronto' }, x: 427, y: 408, label: 'left' },
    { name: { fr: 'Montréal', en: 'Montreal' }, x: 472, y: 371, label: 'right' },
    { name: { fr: 'Québec', en: 'Quebec City' }, x: 487, y: 348, label: 'left' },
    { name: { fr: 'Halifax', en: 'Halifax' }, x: 561, y: 347, label: 'right' },
  ],
  token: 'M-11 5Q-11 8 -7 8L8 8Q12 8 11 4M-8 8L-8 2L5 2L8 8M-8 2L-9 -6M-4 2L-4 -3L3 -3L5 2',
}

import type { FC } from 'hono/jsx'

/** Drawn on a grid of 24 with a stroke of 1.75: few, and each means one thing. */
const paths = {
  home: 'M4 11.5 12 4.5l8 7M6 10v9.5h4.5V14h3v5.5H18V10',
  network:
    'M9 11a3.25 3.25 0 1 0 0-6.5A3.25 3.25 0 0 0 9 11ZM3 19.5c.4-3.4 2.7-5.5 6-5.5s5.6 2.1 6 5.5M15.5 5a3 3 0 0 1 0 5.7M17.5 14.4c2 .7 3.2 2.5 3.5 5.1',
  segments: 'M12 3.8a8.2 8.2 0 1 0 8.2 8.2H12V3.8Zm3.2.6v4.4h4.4a7 7 0 0 0-4.4-4.4Z',
  campaigns: 'M4 10v4h3.5l7.5 4.5v-13L7.5 10H4Zm14-1.5a5 5 0 0 1 0 7M8 14.5l1 5h2.5l-1-3.6',
  results: 'M4 19.5h16M6.5 16.5v-5M11 16.5v-9M15.5 16.5V13M20 16.5V5',
  outbox:
    'M4 13.5v5.5h16v-5.5M4 13.5h4.5l1.5 2.5h4l1.5-2.5H20M4 13.5 6 9M20 13.5 18 9M12 12V4.5M8.7 7.5 12 4.2l3.3 3.3',
  inbox:
    'M4 13.5v5.5h16v-5.5M4 13.5h4.5l1.5 2.5h4l1.5-2.5H20M4 13.5 6 9M20 13.5 18 9M12 4.2v7.7M8.7 8.8 12 12.1l3.3-3.3',
  library: 'M4.5 5h15v14h-15V5Zm0 11 4.3-4.3 3.2 3.2 2.5-2.5 5 4.8M15.2 9.5a.8.8 0 1 1-1.6 0 .8.8 0 0 1 1.6 0Z',
  policy: 'M12 4v16M12 5.5h5.5L20 8l-2.5 2.5H12m0 2H6.5L4 15l2.5 2.5H12M9 20h6',
  settings:
    'M4 7.5h8m5 0h3M4 16.5h3m5 0h8M14.5 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM9.5 19a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.7-1.8L20 20',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5ZM10 20.5c.5.5 1.2.8 2 .8s1.5-.3 2-.8',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8c.6-3.6 3.5-5.5 7.5-5.5s6.9 1.9 7.5 5.5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'm6 6 12 12M18 6 6 18',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2',
  next: 'm6 5.5 9 6.5-9 6.5v-13Zm12.5 0v13',
  day: 'M5 6.5h14V20H5V6.5Zm0 4h14M8.5 4v4M15.5 4v4',
  end: 'm4 5.5 7.5 6.5L4 18.5v-13Zm8 0 7.5 6.5-7.5 6.5v-13ZM20.5 5.5v13',
  check: 'm5 12.5 4.5 4.5L19 7',
  warning: 'M12 4.5 21 19.5H3L12 4.5Zm0 5.5v4.5m0 2.3v.2',
  arrow: 'M5 12h14m-5.5-5.5L19 12l-5.5 5.5',
  chevron: 'm9 5.5 6.5 6.5L9 18.5',
  down: 'm5.5 9 6.5 6.5L18.5 9',
  plus: 'M12 5v14M5 12h14',
  download: 'M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14',
  upload: 'M12 15.5v-11M7.5 9 12 4.5 16.5 9M5 19.5h14',
  more: 'M5 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0Zm6 0a1 1 0 1 0 2 0 1 1 0 1 0-2 0Zm6 0a1 1 0 1 0 2 0 1 1 0 1 0-2 0Z',
  leave: 'M14 5H5.5v14H14M10.5 12H20m-3.5-3.5L20 12l-3.5 3.5',
  language:
    'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.5c2.3 2.3 3.5 5.2 3.5 8.5s-1.2 6.2-3.5 8.5c-2.3-2.3-3.5-5.2-3.5-8.5S9.7 5.8 12 3.5Z',
} as const
export type IconName = keyof typeof paths

/** A drawing beside a word; it says nothing by itself, so that a word must. */
export const Icon: FC<{ name: IconName }> = ({ name }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
)

export const time = {
  clock: {
    title: 'Virtual clock',
    next: 'Next event',
    nextAt: 'Next: {{at}}',
    nothingNext: 'Nothing is due after this date.',
    day: 'One day',
    end: 'To the end',
    more: 'Other moves',
    moving: 'The clock is moving: steps leave and answers arrive. This page keeps itself up to date.',
    failed: 'The clock stopped at an error, logged under {{reference}}.',
    moved: 'The clock had already moved: nothing was played twice.',
    busy: 'The clock is already moving, in another tab.',
    done: 'It is now {{at}}.',
  },
}

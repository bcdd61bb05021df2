import type { Stop, Theme } from './theme.ts'

/** Where the words beside a stop stand. */
export interface Label {
  x: number
  y: number
  anchor: 'start' | 'middle' | 'end'
}

interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

const sides = ['below', 'above', 'right', 'left'] as const
type Side = (typeof sides)[number]

/** Of a letter, as a share of its size: wider than most are. */
const letterWidth = 0.56

function placed({ x, y }: Stop, side: Side): Label {
  if (side === 'left') return { x: x - 14, y: y + 7, anchor: 'end' }
  if (side === 'right') return { x: x + 14, y: y + 7, anchor: 'start' }
  return { x, y: side === 'above' ? y - 16 : y + 30, anchor: 'middle' }
}

function boxOf({ x, y, anchor }: Label, text: string, size: number): Box {
  const width = text.length * size * letterWidth
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { left, right: left + width, top: y - size * 0.8, bottom: y + size * 0.25 }
}

const areaOf = ({ left, right, top, bottom }: Box): number => Math.max(0, right - left) * Math.max(0, bottom - top)

/** How much of the smaller of two boxes the other hides, 0 … 1. */
function hiding(a: Box, b: Box): number {
  const [left, right] = [Math.max(a.left, b.left), Math.min(a.right, b.right)]
  const [top, bottom] = [Math.max(a.top, b.top), Math.min(a.bottom, b.bottom)]
  if (right <= left || bottom <= top) return 0
  return areaOf({ left, right, top, bottom }) / Math.min(areaOf(a), areaOf(b))
}

/** How much of the route runs through a box, in units. */
function routeThrough({ stops }: Theme, box: Box): number {
  let units = 0
  for (let at = 0; at + 1 < stops.length; at++) {
    const [from, to] = [stops[at]!, stops[at + 1]!]
    const length = Math.hypot(to.x - from.x, to.y - from.y)
    for (let done = 0; done < length; done += 2) {
      const [x, y] = [from.x + ((to.x - from.x) * done) / length, from.y + ((to.y - from.y) * done) / length]
      if (x > box.left && x < box.right && y > box.top && y < box.bottom) units += 2
    }
  }
  return units
}

/**
 * Places the words beside stops where together they hide least: never over the edge, not over the one who travels nor
 * over one another, and if it can be not over the route. The side the journey gives goes first.
 */
export function labelsBeside(
  theme: Theme,
  named: readonly { stop: Stop; text: string }[],
  size: number,
  traveller?: { x: number; y: number; r: number },
): Label[] {
  const ways = named.map(({ stop, text }) =>
    [stop.label, ...sides.filter((side) => side !== stop.label)].map((side) => {
      const label = placed(stop, side)
      const width = text.length * size * letterWidth
      // Words above or below may move along, as long as they stay on the ground.
      if (label.anchor === 'middle') label.x = Math.min(theme.width - width / 2 - 4, Math.max(width / 2 + 4, label.x))
      const box = boxOf(label, text, size)
      const isOver = box.left < 0 || box.right > theme.width || box.top < 0 || box.bottom > theme.height
      return { label, box, cost: (isOver ? 10_000 : 0) + routeThrough(theme, box) }
    }),
  )
  return cheapest(ways, traveller ? [boxAround(traveller)] : []).labels
}

const boxAround = ({ x, y, r }: { x: number; y: number; r: number }): Box => ({
  ...{ left: x - r, right: x + r, top: y - r, bottom: y + r },
})

interface Way {
  label: Label
  box: Box
  cost: number
}

/** One way for each, so that together they hide least; two stops are named, so all are tried. */
function cheapest([first, ...rest]: readonly Way[][], taken: readonly Box[]): { labels: Label[]; cost: number } {
  if (!first) return { labels: [], cost: 0 }
  return first
    .map(({ label, box, cost }) => {
      const after = cheapest(rest, [...taken, box])
      // By how much: where there is no room for all, corners that touch are better than a word over who travels.
      const hidden = taken.reduce((sum, one) => sum + hiding(one, box) * 2_000, 0)
      return { labels: [label, ...after.labels], cost: cost + hidden + after.cost }
    })
    .reduce((least, way) => (way.cost < least.cost ? way : least))
}

import type { FC } from 'hono/jsx'
import type { Drawing, Ink } from '../../challenge/theme/drawing.ts'

/** The class each part is coloured by. */
const classes: Record<Ink, string> = {
  land: 'land',
  relief: 'relief',
  route: 'route',
  done: 'done',
  stop: 'stop',
  reached: 'reached',
  label: 'label',
  token: 'token',
  own: 'own',
}

/** A journey as SVG, in the page's own colours; `label` says what it shows to those who do not see it. */
export const JourneyMap: FC<{ drawing: Drawing; label: string }> = ({ drawing: { width, height, marks }, label }) => (
  <svg class="journey" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
    {marks.map((mark) =>
      mark.kind === 'path' ? (
        <path
          d={mark.d}
          class={classes[mark.ink]}
          transform={mark.x === undefined ? undefined : `translate(${mark.x} ${mark.y}) scale(${mark.scale})`}
        />
      ) : mark.kind === 'disc' ? (
        <circle cx={mark.x} cy={mark.y} r={mark.r} class={classes[mark.ink]} />
      ) : (
        <text x={mark.x} y={mark.y} font-size={mark.size} text-anchor={mark.anchor}>
          {mark.text}
        </text>
      ),
    )}
  </svg>
)

import type { RandomStream } from '@convkit/core'

/** What is told apart. */
export const shapes = ['circle', 'square', 'triangle', 'star', 'cross'] as const
export type Shape = (typeof shapes)[number]

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** Draws a shape that fills part of a canvas: of any size, place and colour, turned a little, with some noise. */
export function drawShape(context: Context, shape: Shape, draw: RandomStream): void {
  const { width, height } = context.canvas
  const between = (position: number, low: number, high: number) => low + (high - low) * draw.uniform(position)
  const hue = between(0, 0, 360)
  context.fillStyle = `hsl(${hue + between(2, 90, 270)} 40% ${between(1, 80, 94)}%)`
  context.fillRect(0, 0, width, height)
  const radius = width * between(3, 0.24, 0.4)
  const margin = radius + 0.05 * width
  context.save()
  context.translate(between(4, margin, width - margin), between(5, margin, height - margin))
  context.rotate(between(6, -0.4, 0.4) - Math.PI / 2)
  context.fillStyle = `hsl(${hue} 75% ${between(7, 25, 42)}%)`
  outline(context, shape, radius)
  context.fill()
  context.restore()
  for (let dot = 0; dot < 12; dot++) {
    context.fillStyle = `hsl(${between(20 + dot, 0, 360)} 50% 50% / 50%)`
    context.fillRect(between(40 + dot, 0, width), between(60 + dot, 0, height), 1, 1)
  }
}

function outline(context: Context, shape: Shape, radius: number): void {
  context.beginPath()
  if (shape === 'circle') {
    context.arc(0, 0, 0.85 * radius, 0, 2 * Math.PI)
    return
  }
  for (const [angle, distance] of corners[shape]) {
    context.lineTo(radius * distance * Math.cos(angle), radius * distance * Math.sin(angle))
  }
}

/** Corners as angle and share of the radius. */
const corners: Readonly<Record<Exclude<Shape, 'circle'>, readonly (readonly [number, number])[]>> = {
  square: around(4, [1], Math.PI / 4),
  triangle: around(3, [1]),
  star: around(10, [1, 0.42]),
  cross: Array.from({ length: 12 }, (_, i) => {
    // Each arm ends in two corners; between two arms is one near the middle.
    const [turn, part] = [Math.floor(i / 3) * (Math.PI / 2), i % 3]
    const spread = Math.atan2(0.3, 0.95)
    return part === 2 ? [turn + Math.PI / 4, 0.42] : [turn + (part === 0 ? -spread : spread), 1]
  }),
}

function around(count: number, distances: readonly number[], from = 0): (readonly [number, number])[] {
  return Array.from({ length: count }, (_, i) => [
    from + (2 * Math.PI * i) / count,
    distances[i % distances.length] ?? 1,
  ])
}

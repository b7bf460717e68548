import { random } from '@convkit/core'

const [width, height] = [480, 360]

/** A landscape with a house, in other light and at another place for each seed: a photo for who has none at hand. */
export function paintScene(context: CanvasRenderingContext2D, seed: number): void {
  const draw = random(seed, 'scene')
  const between = (position: number, low: number, high: number) => low + (high - low) * draw.uniform(position)
  const hue = between(0, 195, 225)
  context.canvas.width = width
  context.canvas.height = height
  fillGradient(context, 0, 250, [`hsl(${hue} 70% 62%)`, `hsl(${hue - 150} 75% 82%)`])
  disc(context, between(1, 300, 430), between(2, 50, 110), 30, '#fff3b8')
  for (let cloud = 0; cloud < 3; cloud++) {
    const [x, y] = [between(10 + cloud, 30, 380), between(20 + cloud, 35, 95)]
    for (const [dx, dy, r] of puffs) disc(context, x + dx, y + dy, r, 'rgb(255 255 255 / 75%)')
  }
  hills(context, 190, 40, between(3, 0, 6), '#5f8f84')
  hills(context, 225, 26, between(4, 0, 6), '#4c8a4f')
  fillGradient(context, 245, height, ['#6aa84f', '#3c6e2f'])
  house(context, between(5, 130, 210), 178, `hsl(${between(6, 5, 30)} 55% 48%)`)
  for (let tree = 0; tree < 5; tree++) {
    const x = between(30 + tree, tree < 3 ? 8 : 340, tree < 3 ? 110 : 460)
    pine(context, x, between(40 + tree, 255, 310), between(50 + tree, 0.8, 1.4))
  }
  for (let flower = 0; flower < 60; flower++) {
    const color = ['#f6d743', '#f2709c', '#ffffff', '#e4572e'][flower % 4] ?? '#ffffff'
    disc(context, between(100 + flower, 0, width), between(200 + flower, 305, height - 6), 2.5, color)
  }
}

const puffs = [
  [0, 0, 16],
  [18, -8, 20],
  [40, 0, 15],
  [22, 6, 18],
] as const

function fillGradient(
  context: CanvasRenderingContext2D,
  top: number,
  bottom: number,
  colors: readonly string[],
): void {
  const gradient = context.createLinearGradient(0, top, 0, bottom)
  for (const [index, color] of colors.entries()) gradient.addColorStop(index / (colors.length - 1), color)
  context.fillStyle = gradient
  context.fillRect(0, top, width, bottom - top)
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number, color: string): void {
  context.fillStyle = color
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fill()
}

function hills(
  context: CanvasRenderingContext2D,
  level: number,
  rise: number,
  phase: number,
  color: string,
): void {
  context.fillStyle = color
  context.beginPath()
  context.moveTo(0, height)
  for (let x = 0; x <= width; x += 4) {
    context.lineTo(x, level - rise * (0.6 * Math.sin(x / 70 + phase) + 0.4 * Math.sin(x / 29 + 2 * phase)))
  }
  context.lineTo(width, height)
  context.fill()
}

function polygon(
  context: CanvasRenderingContext2D,
  color: string,
  points: readonly (readonly number[])[],
): void {
  context.fillStyle = color
  context.beginPath()
  for (const [x = 0, y = 0] of points) context.lineTo(x, y)
  context.fill()
}

function house(context: CanvasRenderingContext2D, x: number, y: number, wall: string): void {
  context.fillStyle = wall
  context.fillRect(x, y + 40, 110, 84)
  polygon(context, '#6b3a2e', [
    [x - 12, y + 42],
    [x + 55, y - 6],
    [x + 122, y + 42],
  ])
  context.fillStyle = '#fbe9a9'
  for (const dx of [14, 74]) context.fillRect(x + dx, y + 60, 22, 22)
  context.fillStyle = '#5a3825'
  context.fillRect(x + 44, y + 78, 22, 46)
}

function pine(context: CanvasRenderingContext2D, x: number, y: number, scale: number): void {
  context.fillStyle = '#5a3f2a'
  context.fillRect(x - 3 * scale, y, 6 * scale, 16 * scale)
  for (const level of [0, 1, 2]) {
    const [half, top] = [(24 - 6 * level) * scale, y - (22 + 18 * level) * scale]
    polygon(context, `hsl(150 40% ${22 + 5 * level}%)`, [
      [x - half, top + 26 * scale],
      [x, top - 8 * scale],
      [x + half, top + 26 * scale],
    ])
  }
}

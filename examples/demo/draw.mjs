import sharp from 'sharp'

/** Small grey images as text, two rows of pixels a line. */
export async function drawSideBySide(paths) {
  const drawn = await Promise.all(paths.map(draw))
  return drawn[0].map((_, line) => drawn.map((lines) => lines[line]).join('  ')).join('\n')
}

async function draw(path) {
  const { data, info } = await sharp(path).greyscale().raw().toBuffer({ resolveWithObject: true })
  const isLight = (x, y) => y < info.height && data[y * info.width + x] > 96
  const lines = []
  for (let y = 0; y < info.height; y += 2) {
    const cells = Array.from(
      { length: info.width },
      (_, x) => halfBlocks[Number(isLight(x, y)) + 2 * Number(isLight(x, y + 1))],
    )
    lines.push(cells.join(''))
  }
  return lines
}

/** Nothing, the upper half, the lower half, both. */
const halfBlocks = [' ', '▀', '▄', '█']

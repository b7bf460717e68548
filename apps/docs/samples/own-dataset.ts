// #region own
import { defineDataset } from '@convkit/data'

const side = 16
const levels = [0, 60, 120, 180, 240]
export const shades = defineDataset({
  classes: ['dark', 'light'],
  labels: levels.map((level) => (level < 128 ? 0 : 1)),
  path: (index) => `shade ${levels[index]}`,
  item: (index) => ({
    height: side,
    width: side,
    channels: 1,
    data: new Uint8Array(side * side).fill(levels[index] ?? 0),
  }),
})
// #endregion own

/**
 * The multiple of `divisor` nearest to `channels`, but at least `divisor` and at least nine tenths of `channels`: how
 * mobile networks round widths (Sandler et al. 2018's reference implementation).
 */
export function roundChannels(channels: number, divisor = 8): number {
  const nearest = Math.max(divisor, divisor * Math.floor(channels / divisor + 0.5))
  return nearest < 0.9 * channels ? nearest + divisor : nearest
}

/** A tap of a kernel, and how far from an output's own position it reads. */
export interface Tap {
  readonly tap: number
  readonly offset: number
}

/** How the gradient of a sliding window falls apart along one axis. */
export interface Phases {
  /** The taps that reach position `stride · q + phase`: each reads the gradient at `q + offset`; offsets rise. */
  readonly taps: readonly (readonly Tap[])[]
  /** Positions of each phase; they may go beyond the input's end. */
  readonly length: number
}

export interface WindowAxis {
  readonly input: number
  readonly output: number
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  /** Padding before the first element. */
  readonly before: number
}

/**
 * A window with stride s spreads its gradient so that positions s apart are reached by the same taps: the gradient is
 * s dense maps, one a phase, that interleave.
 */
export function phasesOf({ input, output, kernel, stride, dilation, before }: WindowAxis): Phases {
  const taps = Array.from({ length: stride }, (_, phase) =>
    Array.from({ length: kernel }, (_, tap) => ({ tap, offset: (phase + before - tap * dilation) / stride }))
      .filter(({ offset }) => Number.isInteger(offset))
      .reverse(),
  )
  // So long that each phase reads the gradient to its end.
  const reached = taps.flatMap((phase) => (phase.length > 0 ? [output - (phase.at(-1) as Tap).offset] : []))
  return { taps, length: Math.max(Math.ceil(input / stride), ...reached) }
}

/** A phase's taps as a dense window over the gradient. */
export interface PhaseWindow {
  readonly taps: readonly number[]
  readonly dilation: number
  readonly before: number
  readonly after: number
}

export function phaseWindow(taps: readonly Tap[], { length }: Phases, output: number): PhaseWindow {
  const [first, last] = [taps[0] as Tap, taps.at(-1) as Tap]
  return {
    taps: taps.map(({ tap }) => tap),
    dilation: taps.length > 1 ? (last.offset - first.offset) / (taps.length - 1) : 1,
    before: -first.offset,
    after: length - 1 + last.offset - (output - 1),
  }
}

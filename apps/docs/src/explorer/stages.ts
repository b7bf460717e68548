/**
 * The stage that a layer belongs to: the first name of its path, `layer1` of `layer1.0.conv1`. Where that name holds most
 * of the network, as `features` or `blocks` do, it is the first two.
 */
export function stageOf(scope: string, all: readonly string[]): string {
  const [first = '', second] = scope.split('.')
  const sharing = all.filter((other) => other.startsWith(`${first}.`)).length
  return second !== undefined && sharing > 0.6 * all.length ? `${first}.${second}` : first || '(input)'
}

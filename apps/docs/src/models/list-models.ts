import { type Host, type ListedModel, processHost, run } from '@convkit/cli'

/** Every network of the zoo, as the command line lists it. */
export async function listModels(): Promise<readonly ListedModel[]> {
  let printed = ''
  const stdout: Host['stdout'] = {
    write: (text: string) => {
      printed += text
      return true
    },
  }
  const code = await run(['models', '--json'], { ...processHost(), stdout })
  if (code !== 0) throw new Error(`convkit models ended with ${code}`)
  const { models }: { models: readonly ListedModel[] } = JSON.parse(printed)
  return models
}

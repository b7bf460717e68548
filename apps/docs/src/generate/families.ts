import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ListedModel } from '@convkit/cli'
import type { WeightsTag } from '@convkit/core'
import zoo from '@convkit/zoo'
import ts from 'typescript'
import { grouped, scaled } from '../numbers.js'
import { code, markdownTable, page, plain } from './markdown.js'

/** A page a family of the zoo, by file name: what it is, its variants, their published weights. */
export function familyPages(models: readonly ListedModel[], zooSources: string): Map<string, string> {
  const described = docstrings(zooSources)
  return new Map(
    (zoo.architectures ?? []).map(({ name, source }) => [
      `${name}.md`,
      familyPage(
        name,
        described.get(name) ?? '',
        source,
        models.filter(({ family }) => family === name),
      ),
    ]),
  )
}

function familyPage(
  name: string,
  description: string,
  source: string | undefined,
  models: readonly ListedModel[],
): string {
  const [first] = models
  const weights = models.flatMap((model) => model.weights.map((tag) => ({ model, tag })))
  const example = weights[0]
  return page([
    `# ${name}`,
    plain(description),
    source ? `Paper: <${source}>` : '',
    first
      ? `\`\`\`sh\nconvkit train photos --model ${first.name}\nconvkit summary ${first.name}\n\`\`\``
      : '',
    '## Networks',
    markdownTable(
      ['name', 'parameters', 'MACs', 'input'],
      models.map(({ name, parameters, macs, input }) => [
        `[${code(name)}](/demos/explorer?model=${name})`,
        grouped(parameters),
        scaled(macs),
        side(input[0], input[1]),
      ]),
    ),
    'A name opens the network in the [model explorer](/demos/explorer), which counts its layers.',
    '## Published weights',
    weights.length === 0
      ? 'None are published: training starts from random numbers.'
      : markdownTable(
          ['network', 'weights', 'licence', 'classes', 'input', 'top-1', 'top-5', 'from'],
          weights.map(({ model, tag }) => weightsRow(model, tag)),
        ),
    example
      ? `\`\`\`sh\nconvkit train photos --model ${example.model.name} --weights ${example.tag.tag}\n\`\`\`\n\nTop-1 and top-5 are percent on ImageNet, as published by the weights' makers; nothing stands where no figure was published with them.`
      : '',
  ])
}

function weightsRow({ name, input }: ListedModel, tag: WeightsTag): string[] {
  const [height, width] = tag.preprocessing?.inputSize ?? input
  return [
    code(name),
    code(tag.tag),
    tag.license ?? 'none given',
    grouped(tag.classes),
    side(height, width),
    tag.top1?.toFixed(1) ?? '',
    tag.top5?.toFixed(1) ?? '',
    tag.hub ? `Hugging Face hub: ${code(tag.hub)}` : 'torchvision',
  ]
}

/** The docstrings of architectures, by the name each is defined with. */
function docstrings(folder: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/^[^.]+\.ts$/.test(path)) continue
    const text = readFileSync(join(folder, path), 'utf8')
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
    for (const statement of file.statements) {
      if (!ts.isVariableStatement(statement)) continue
      const name = /defineArchitecture[^(]*\(\{\s*name: '([^']+)'/.exec(statement.getText())?.[1]
      const [doc] = ts.getJSDocCommentsAndTags(statement)
      if (name && doc) found.set(name, ts.getTextOfJSDocComment(doc.comment) ?? '')
    }
  }
  return found
}

/** `224`, or `256 × 128` where sides differ. */
const side = (height: number, width: number) => [...new Set([height, width])].join(' × ')

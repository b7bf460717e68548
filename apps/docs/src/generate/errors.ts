import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { code, page, plain } from './markdown.js'

/** One place in the sources that gives a code. */
interface Origin {
  readonly package: string
  /** What it says, with `…` for what is filled in; undefined where the message is made elsewhere. */
  readonly message: string | undefined
}

/** The page of error codes, read from the places in the packages' sources that throw them. */
export function errorPage(packages: string): string {
  const codes = new Map<string, Origin[]>()
  for (const name of readdirSync(packages).sort()) {
    for (const file of sourcesOf(join(packages, name, 'src'))) {
      for (const [errorCode, message] of errorsIn(file)) {
        const origins = codes.get(errorCode) ?? []
        codes.set(errorCode, [...origins, { package: name, message }])
      }
    }
  }
  const sorted = [...codes].sort(([a], [b]) => a.localeCompare(b))
  return page([
    '# Error codes',
    'An error of convkit is a `ConvkitError`: its `message` says what is wrong, where, and what to do about it, and its `code` is for programs and stays the same. On the command line, `--json` prints both.',
    '```json\n{ "error": { "code": "E_EMPTY_CLASS", "message": "…" } }\n```',
    `This page is made from the sources: all ${sorted.length} codes, the packages that give them, and what they say; … is filled in.`,
    ...sorted.map(([errorCode, origins]) => section(errorCode, origins)),
  ])
}

function section(errorCode: string, origins: readonly Origin[]): string {
  const packages = [...new Set(origins.map((origin) => origin.package))]
  const messages = [...new Set(origins.flatMap(({ message }) => message ?? []))].sort()
  return [
    `## ${errorCode} {#${errorCode.toLowerCase()}}`,
    `From ${packages.map((name) => code(`@convkit/${name}`)).join(', ')}.`,
    messages.map((message) => `- ${plain(message)}`).join('\n'),
  ].join('\n\n')
}

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) => /^[^.]+\.ts$/.test(path) && !/(^|[\\/])(testing|test-support|generated)[\\/]/.test(path),
    )
    .sort()
    .map((path) => join(folder, path))
}

/** Codes in a file, each with the message that is its next argument, where it is one. */
function errorsIn(file: string): [string, string | undefined][] {
  const found: [string, string | undefined][] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && /^E_[A-Z_]+$/.test(node.text)) {
      const { parent } = node
      const says = ts.isNewExpression(parent) || (ts.isCallExpression(parent) && isThrower(parent))
      const following = says ? parent.arguments?.[parent.arguments.indexOf(node) + 1] : undefined
      found.push([node.text, following && messageOf(following)])
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true))
  return found
}

/** Whether a function takes a code with its message: `fail('E_TAR', 'ends in the middle')` */
const isThrower = ({ expression }: ts.CallExpression) => /fail|error|problem/i.test(expression.getText())

/** A message with … for its values; undefined where nothing of it stands there. */
function messageOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node)) {
    const message = node.templateSpans.reduce((text, span) => `${text}…${span.literal.text}`, node.head.text)
    return /\p{Letter}{3}/u.test(message) ? message : undefined
  }
  if (ts.isBinaryExpression(node)) {
    const parts = [messageOf(node.left), messageOf(node.right)]
    return parts.some(Boolean) ? parts.map((part) => part ?? '…').join('') : undefined
  }
  return undefined
}

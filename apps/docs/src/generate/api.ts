import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Application, ReflectionKind, type TypeDocOptions } from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'

/** Writes a page an entry of a package, from the docstrings in its built declarations. */
export async function writeApi(packages: string, out: string): Promise<void> {
  const markdown: Partial<PluginOptions> = {
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    excludeScopesInPaths: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    useCustomAnchors: true,
    customAnchorsFormat: 'curlyBrace',
    useCodeBlocks: true,
    sanitizeComments: true,
    tableColumnSettings: { hideModifiers: true, hideInherited: true },
    pageTitleTemplates: {
      index: () => 'API reference',
      module: ({ name }) => name,
      member: ({ name }) => name,
    },
  }
  const options: Partial<TypeDocOptions> & Partial<PluginOptions> = {
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: entriesOf(packages),
    tsconfig: join(packages, '../apps/docs/tsconfig.api.json'),
    readme: 'none',
    excludeExternals: true,
    excludePrivate: true,
    disableSources: true,
    disableGit: true,
    skipErrorChecking: true,
    logLevel: 'Error',
    sort: ['alphabetical'],
    groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases', '*'],
    out,
    ...markdown,
  }
  const app = await Application.bootstrapWithPlugins(options)
  const project = await app.convert()
  if (!project) throw new Error('The declarations of the packages could not be read')
  for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
    module.name = module.name.replace(/^([^/]+)\/dist/, '@convkit/$1')
  }
  await app.generateOutputs(project)
  for (const path of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.md')) linkErrors(join(out, path))
  }
}

/** Codes under a heading "Throws" lead to the page of codes. */
function linkErrors(file: string): void {
  const text = readFileSync(file, 'utf8').replace(/^#+ Throws\n\n.*?\n(?=\n)/gms, (throws) =>
    throws.replace(
      /\bE_[A-Z_]+/g,
      (errorCode) => `[${errorCode}](/reference/errors#${errorCode.toLowerCase()})`,
    ),
  )
  writeFileSync(file, text)
}

/** The declarations of every entry of every package, in the order of their names. */
function entriesOf(packages: string): string[] {
  return readdirSync(packages).flatMap((folder) => {
    const file = join(packages, folder, 'package.json')
    if (!existsSync(file)) return []
    const { exports }: { exports: Record<string, { types?: string }> } = JSON.parse(
      readFileSync(file, 'utf8'),
    )
    return Object.entries(exports).flatMap(([path, { types }]) =>
      types && path !== './register' ? [join(packages, folder, types)] : [],
    )
  })
}

/** Who may import whom: the import rules of the packages. @type {import('dependency-cruiser').IConfiguration} */

const allowed = {
  graph: [],
  core: ['graph'],
  blocks: ['core', 'graph'],
  zoo: ['core', 'graph', 'blocks'],
  augment: ['core'],
  data: ['core'],
  train: ['core', 'graph'],
  transfer: ['core', 'graph', 'train', 'data'],
  callbacks: ['core'],
  report: ['core'],
  weights: ['core'],
  serve: ['core', 'data'],
  'engine-onnx': ['core', 'graph'],
  'engine-tensorflow': ['core', 'graph'],
  export: ['core', 'graph', 'engine-onnx', 'engine-tensorflow'],
}
const composers = ['cli']

/** Tests may compose packages; what is published may not. */
const tests = String.raw`\.(test|test-d|parity|tensorflow|browser|gpu)\.ts$|^packages/[^/]+/e2e/`

const table = Object.entries(allowed).map(([name, imports]) => ({
  name: `${name}-imports`,
  comment: `@convkit/${name} may import ${imports.map((i) => `@convkit/${i}`).join(', ') || 'no other package'}.`,
  severity: 'error',
  from: { path: `^packages/${name}/`, pathNot: tests },
  to: { path: '^packages/', pathNot: `^packages/(${[name, ...imports].join('|')})/` },
}))

module.exports = {
  forbidden: [
    ...table,
    {
      name: 'package-in-table',
      comment: 'Every package has a line in the table of .dependency-cruiser.cjs.',
      severity: 'error',
      from: {
        path: '^packages/',
        pathNot: `^packages/(${[...Object.keys(allowed), ...composers].join('|')})/`,
      },
      to: {},
    },
    {
      name: 'through-the-package-name',
      comment: 'Import another package by its name, not by a relative path.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'apps-are-ends',
      comment: 'Packages do not import apps.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-through-package-names',
      comment: 'Apps import packages by their names, not by a relative path.',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: '^packages/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'no-cycle',
      comment: 'Modules do not import each other in a circle (circles of types alone are left).',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'runs-in-a-browser',
      comment: 'graph, and core except its node entry, use nothing of Node.',
      severity: 'error',
      from: { path: '^packages/(graph|core)/src/', pathNot: [tests, '^packages/core/src/node(/|[.]ts$)'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'web-entry-runs-in-a-browser',
      comment: "engine-onnx's web entry, with all that it imports, uses nothing of Node.",
      severity: 'error',
      from: { path: '^packages/engine-onnx/src/web[.]ts$' },
      to: {
        path: '^(node:)?(os|fs|path|url|module|process|worker_threads|child_process)(/|$)',
        reachable: true,
      },
    },
    {
      name: 'node-entry-apart',
      comment: "core's other entries do not import its node entry.",
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: [tests, '^packages/core/src/node(/|[.]ts$)'] },
      to: { path: '^packages/core/src/node(/|[.]ts$)' },
    },
    {
      name: 'resolvable',
      comment: 'An import names an existing file or a package that is in package.json.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'listed',
      comment:
        'A published source imports only what its package.json lists under dependencies or peerDependencies.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer'] },
    },
    {
      name: 'no-test-in-source',
      severity: 'error',
      comment: 'Sources do not import tests.',
      from: { path: '^packages/[^/]+/src/', pathNot: tests },
      to: { path: tests },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|/tsup[.]config[.]ts$|[.]base[.]ts$|/[.]vitepress/(cache|dist)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.source.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
}

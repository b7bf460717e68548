import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const packages = fileURLToPath(new URL('./packages', import.meta.url))

/** Tests run against sources: `@convkit/core/testing` is `packages/core/src/testing.ts`. tsconfig.source.json agrees. */
const sources = [
  { find: /^@convkit\/([^/]+)$/, replacement: `${packages}/$1/src/index.ts` },
  { find: /^@convkit\/([^/]+)\/([^/.]+)$/, replacement: `${packages}/$1/src/$2.ts` },
]

const report = process.env.CONVKIT_TEST_REPORT

export default defineConfig({
  test: {
    // onnxruntime-node is not safe in worker threads
    pool: 'forks',
    maxWorkers: 2,
    passWithNoTests: true,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        resolve: { alias: sources },
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts'],
          typecheck: {
            enabled: true,
            include: ['packages/*/src/**/*.test-d.ts'],
            tsconfig: './tsconfig.types.json',
            // `npm run typecheck` reports errors of sources
            ignoreSourceErrors: true,
          },
        },
      },
      {
        // the built command, as a user has it
        test: {
          name: 'e2e',
          include: ['packages/cli/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // needs the native binding that `convkit setup tensorflow` makes
        resolve: { alias: sources },
        test: {
          name: 'tensorflow',
          include: ['packages/*/src/**/*.tensorflow.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias: sources },
        test: {
          name: 'parity',
          include: ['packages/*/src/**/*.parity.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})

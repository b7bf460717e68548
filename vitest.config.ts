import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

const packages = fileURLToPath(new URL('./packages', import.meta.url))

/** Tests run against sources: `@convkit/core/testing` is `packages/core/src/testing.ts`. tsconfig.source.json agrees. */
const sources = [
  { find: /^@convkit\/([^/]+)$/, replacement: `${packages}/$1/src/index.ts` },
  { find: /^@convkit\/([^/]+)\/([^/.]+)$/, replacement: `${packages}/$1/src/$2.ts` },
]

/** A Chromium that is installed already; else Playwright's own, from `npx playwright install chromium`. */
const chromium = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
)

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
          include: ['{packages,examples}/*/src/**/*.test.ts', 'apps/*/{src,samples}/**/*.test.ts'],
          typecheck: {
            enabled: true,
            include: ['{packages,examples}/*/src/**/*.test-d.ts'],
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
          testTimeout: 240_000,
          hookTimeout: 60_000,
        },
      },
      {
        // the built command, and what it has written opened in Chromium; the built documentation
        test: {
          name: 'pages',
          include: ['{packages/cli,apps/docs}/e2e/**/*.chromium.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // every package as npm would publish it, installed by npm in folders outside the workspace
        test: {
          name: 'packed',
          include: ['packages/cli/e2e/**/*.packed.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        // in Chromium, whose WebGPU computes in software where there is no GPU
        resolve: { alias: sources },
        optimizeDeps: { exclude: ['onnxruntime-web'] },
        test: {
          name: 'browser',
          include: ['packages/*/src/**/*.browser.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: chromium,
                args: [
                  '--headless=new',
                  '--enable-unsafe-webgpu',
                  '--use-webgpu-adapter=swiftshader',
                  '--enable-features=Vulkan',
                ],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        // needs a GPU with a Vulkan, Metal or Direct3D 12 driver
        resolve: { alias: sources },
        test: {
          name: 'gpu',
          include: ['packages/*/src/**/*.gpu.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias: sources },
        test: {
          name: 'parity',
          include: ['{packages,examples}/*/src/**/*.parity.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})

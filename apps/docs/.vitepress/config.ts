import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { architecturePages, cliPages, modules } from './generated-pages.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const guide = [
  {
    text: 'Start',
    items: [
      { text: 'What convkit is', link: '/guide/' },
      { text: 'Getting started', link: '/guide/getting-started' },
    ],
  },
  {
    text: 'Train',
    items: [
      { text: 'Training', link: '/guide/training' },
      { text: 'Transfer learning', link: '/guide/transfer' },
      { text: 'Pretrained weights', link: '/guide/weights' },
      { text: 'Augmentation', link: '/guide/augmentation' },
      { text: 'Data', link: '/guide/data' },
      { text: 'Callbacks and the run folder', link: '/guide/callbacks' },
    ],
  },
  {
    text: 'Use',
    items: [
      { text: 'Evaluation', link: '/guide/evaluation' },
      { text: 'Explaining', link: '/guide/explaining' },
      { text: 'Export', link: '/guide/export' },
      { text: 'Serving', link: '/guide/serving' },
    ],
  },
  {
    text: 'Set up and extend',
    items: [
      { text: 'Configuration', link: '/guide/configuration' },
      { text: 'Engines', link: '/guide/engines' },
      { text: 'Plugins', link: '/guide/plugins' },
      { text: 'Measured figures', link: '/guide/figures' },
    ],
  },
]

const concepts = [
  {
    text: 'Concepts',
    items: [
      { text: 'Overview', link: '/concepts/' },
      { text: 'Small kernels for large ones', link: '/concepts/small-kernels' },
      { text: '1×1 bottlenecks', link: '/concepts/bottlenecks' },
      { text: 'Auxiliary losses', link: '/concepts/auxiliary-losses' },
      { text: 'Dense layers as convolutions', link: '/concepts/dense-as-convolution' },
      { text: 'Residual, highway, dense', link: '/concepts/connections' },
      { text: 'Scale jitter', link: '/concepts/scale-jitter' },
      { text: 'Several crops', link: '/concepts/several-crops' },
      { text: 'Averages of models', link: '/concepts/model-averaging' },
    ],
  },
]

const demos = [
  {
    text: 'Demos',
    items: [
      { text: 'Model explorer', link: '/demos/explorer' },
      { text: 'Augmentation playground', link: '/demos/augmentation' },
      { text: 'Train in the page', link: '/demos/training' },
    ],
  },
]

const reference = [
  { text: 'Command line', items: cliPages(), collapsed: false },
  { text: 'API', items: modules(), collapsed: false },
  { text: 'Errors', items: [{ text: 'Error codes', link: '/reference/errors' }] },
]

export default defineConfig({
  title: 'convkit',
  description: 'Image classification with convolutional networks for TypeScript',
  base: process.env.DOCS_BASE ?? '/',
  lang: 'en',
  srcExclude: ['README.md'],
  lastUpdated: false,
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${process.env.DOCS_BASE ?? '/'}logo.svg` }],
    ['meta', { name: 'theme-color', content: '#0b7a75' }],
  ],
  markdown: { theme: { light: 'github-light', dark: 'github-dark' } },
  themeConfig: {
    logo: '/logo.svg',
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Guide', link: '/guide/getting-started', activeMatch: '^/guide/' },
      { text: 'Concepts', link: '/concepts/', activeMatch: '^/concepts/' },
      { text: 'Architectures', link: '/architectures/', activeMatch: '^/architectures/' },
      { text: 'Demos', link: '/demos/explorer', activeMatch: '^/demos/' },
      { text: 'Reference', link: '/reference/cli/', activeMatch: '^/reference/' },
    ],
    sidebar: {
      '/guide/': guide,
      '/concepts/': concepts,
      '/demos/': demos,
      '/reference/': reference,
      '/architectures/': [
        {
          text: 'Architectures',
          items: [{ text: 'All networks', link: '/architectures/' }, ...architecturePages()],
        },
      ],
    },
    footer: { message: 'MIT licence. Nothing on this site asks another host for anything.' },
  },
  vite: {
    resolve: {
      // What makes JPEG files in Node has no place in a page; the rest of @convkit/augment has.
      alias: { sharp: here('../src/playground/no-sharp.ts') },
    },
    worker: { format: 'es' },
    optimizeDeps: {
      exclude: ['onnxruntime-web'],
      // Found while a page is open, they would have it loaded again, in the middle of a training.
      include: [
        '@convkit/core > valibot',
        '@convkit/core > fastest-levenshtein',
        '@convkit/engine-onnx > @bufbuild/protobuf',
        '@convkit/engine-onnx > @bufbuild/protobuf/codegenv2',
      ],
    },
    build: { chunkSizeWarningLimit: 1500 },
    server: { fs: { allow: [here('../../..')] } },
  },
})

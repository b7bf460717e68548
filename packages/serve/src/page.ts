import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import type { ServedModel } from './backend/backend.js'

const files = [
  { url: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { url: '/page.css', file: 'page.css', type: 'text/css; charset=utf-8' },
  { url: '/page.js', file: 'page.js', type: 'text/javascript; charset=utf-8' },
] as const

/** What the page may load: its own files, and pictures that were dropped on it. */
const policy = "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'"

/** A page to drop images on; its files are in the package's folder `page`. */
export async function pageRoutes(
  app: FastifyInstance,
  { model }: { readonly model: ServedModel },
): Promise<void> {
  const { name, classes, preprocessing } = model
  const about = `${name}: ${classes.length} classes, ${preprocessing.inputSize.join(' × ')} pixels`
  for (const { url, file, type } of files) {
    const text = await readFile(new URL(`../page/${file}`, import.meta.url), 'utf8')
    const content = text.replace('{{model}}', () => escaped(about))
    app.get(url, { schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).header('content-security-policy', policy).send(content),
    )
  }
}

const escaped = (text: string) => text.replace(/[&<]/g, (character) => (character === '&' ? '&amp;' : '&lt;'))

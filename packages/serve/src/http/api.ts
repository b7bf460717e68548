// What the OpenAPI page says of routes that are convkit's own. Requests are checked where they are read.

const failure = (description: string) => ({
  description,
  type: 'object',
  properties: {
    error: { type: 'string', description: 'For people' },
    code: { type: 'string', description: 'For programs', examples: ['E_IMAGE'] },
  },
  required: ['error', 'code'],
})

/** Answers of every route that computes, besides the one it is for. */
export const failures = {
  400: failure('What was sent cannot be read'),
  413: failure('Larger than a limit'),
  415: failure('A content type that is not taken'),
  503: {
    ...failure('Busy, or not answered in time: try again after the seconds in Retry-After'),
    headers: { 'Retry-After': { type: 'integer', description: 'Seconds' } },
  },
}

const file = { type: 'string', format: 'binary' }

export const predictSchema = {
  summary: 'Labels images',
  description: 'Images as files of a form, or one as the body: JPEG, PNG, WebP, GIF, TIFF or AVIF.',
  tags: ['convkit'],
  querystring: {
    type: 'object',
    properties: { top: { type: 'integer', minimum: 1, description: 'Classes of each image' } },
  },
  body: {
    content: {
      'multipart/form-data': {
        schema: { type: 'object', properties: { image: { type: 'array', items: file } } },
      },
      'image/*': { schema: file },
      'application/octet-stream': { schema: file },
    },
  },
  response: {
    200: {
      description: 'The most probable classes of each image, in the order sent',
      type: 'object',
      properties: {
        predictions: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              name: { type: 'string', description: "The file's name" },
              top: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    index: { type: 'integer' },
                    label: { type: 'string' },
                    probability: { type: 'number' },
                  },
                },
              },
            },
          },
        },
      },
    },
    ...failures,
  },
}

export const metricsSchema = {
  summary: 'Figures for Prometheus',
  tags: ['convkit'],
  produces: ['text/plain'],
  response: { 200: { description: 'Text exposition format', type: 'string' } },
}

import { ConvkitError } from '@convkit/core'
import * as v from 'valibot'

// What clients send by the Open Inference Protocol, version 2, with its binary tensor data extension.

/** Types of input tensors: pixels, pixels as numbers of 32 bits, and encoded files. */
export const datatypes = ['UINT8', 'FP32', 'BYTES'] as const

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const inputSchema = v.object({
  name: v.string(),
  shape: v.array(size),
  datatype: v.picklist(datatypes),
  parameters: v.optional(v.looseObject({ binary_data_size: v.optional(size) })),
  /** Row-major, flat or nested. */
  data: v.optional(v.array(v.unknown())),
})

export const requestSchema = v.object({
  id: v.optional(v.string()),
  parameters: v.optional(v.looseObject({ binary_data_output: v.optional(v.boolean()) })),
  inputs: v.array(inputSchema),
  outputs: v.optional(
    v.array(
      v.object({
        name: v.string(),
        parameters: v.optional(v.looseObject({ binary_data: v.optional(v.boolean()) })),
      }),
    ),
  ),
})

export type InferenceRequest = v.InferOutput<typeof requestSchema>
export type RequestInput = InferenceRequest['inputs'][number]

/** @throws E_REQUEST naming the first key that is missing or wrong. */
export function parseRequest(value: unknown): InferenceRequest {
  const parsed = v.safeParse(requestSchema, value)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw new ConvkitError(
    'E_REQUEST',
    `The inference request is wrong: ${v.getDotPath(issue) ?? 'the body'}: ${issue.message}`,
  )
}

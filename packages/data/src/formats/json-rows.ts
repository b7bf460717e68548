import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { ConvkitError } from '@convkit/core'
import { findColumns, type LabelColumns, type LabelRow, rowError, weightOf } from './label-row.js'

/**
 * The rows of a JSON lines file, one after the other: an object a line, whose label is a text, a number or a list of
 * them. Empty lines are left out.
 *
 * @throws E_LABELS naming the line of what is no object, a missing key, or a value of another kind.
 */
export async function* jsonRows(
  file: string,
  { columns }: { readonly columns: LabelColumns },
): AsyncGenerator<LabelRow> {
  const source = createReadStream(file, 'utf8')
  const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })
  let line = 0
  try {
    for await (const text of lines) {
      line++
      const json = line === 1 ? text.replace(/^\uFEFF/, '') : text
      if (json.trim() === '') continue
      yield rowOf(json, line, columns, (problem) => rowError(file, line, problem))
    }
  } finally {
    lines.close()
    source.destroy()
  }
}

function rowOf(
  json: string,
  line: number,
  columns: LabelColumns,
  fail: (problem: string) => ConvkitError,
): LabelRow {
  const values = objectOf(json, fail)
  const names = findColumns([...values.keys()], columns, fail)
  const value = (name: string | undefined) => (name === undefined ? undefined : values.get(name))
  const [path, label, split, weight] = [names.path, names.label, names.split, names.weight].map(value)
  if (typeof path !== 'string') throw fail(`the path ${JSON.stringify(path)} is not a text`)
  if (split !== undefined && typeof split !== 'string')
    throw fail(`the split ${JSON.stringify(split)} is not a text`)
  if (weight !== undefined && typeof weight !== 'number')
    throw fail(`the weight ${JSON.stringify(weight)} is not a positive number`)
  return {
    line,
    path,
    labels: labelsOf(label, fail),
    split,
    weight: weight === undefined ? undefined : weightOf(weight, fail),
  }
}

function objectOf(json: string, fail: (problem: string) => ConvkitError): Map<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw fail(`is no JSON: ${error instanceof Error ? error.message : error}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fail(`holds ${JSON.stringify(value)?.slice(0, 40)} and no object`)
  return new Map(Object.entries(value))
}

function labelsOf(value: unknown, fail: (problem: string) => ConvkitError): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.map((label) => {
    if (typeof label === 'string' || typeof label === 'number') return String(label)
    throw fail(`the label ${JSON.stringify(label)} is neither a text nor a number`)
  })
}

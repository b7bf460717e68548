/** Text that is HTML already. */
export interface Html {
  readonly html: string
}

type Part = string | number | undefined | Html | readonly Html[]

/** A template whose texts are escaped, and whose HTML is not: html`<b>${label}</b>`. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.reduce((text, string, i) => `${text}${written(parts[i - 1])}${string}`) }
}

/** HTML that was made by something else, such as an SVG. */
export function trusted(text: string): Html {
  return { html: text }
}

function written(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (character) => escapes[character] as string)
  return 'html' in part ? part.html : part.map((item) => item.html).join('')
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

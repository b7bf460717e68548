/** Text that Markdown, and Vue after it, leave as it is. */
export function plain(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('|', '\\|')
    .replaceAll('{{', '&#123;&#123;')
    .replaceAll('*', '\\*')
}

/** Text in the typewriter face, also in a cell of a table. */
export function code(text: string): string {
  return `<code v-pre>${plain(text)}</code>`
}

/** A table of Markdown; cells are Markdown. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A page of blocks; those that are empty are left out. */
export function page(blocks: readonly string[], pageClass = ''): string {
  const frontmatter = pageClass && `---\npageClass: ${pageClass}\n---`
  return `${[frontmatter, ...blocks].filter(Boolean).join('\n\n')}\n`
}

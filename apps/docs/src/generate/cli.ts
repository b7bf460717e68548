import { commandLine, processHost } from '@convkit/cli'
import type { Command, Option } from 'commander'
import { code, markdownTable, page, plain } from './markdown.js'

/** What the theme knows pages with tables of options by. */
const optionsPage = 'options-page'

/** Pages by file name: one a command, from the definitions that `--help` prints. */
export function cliPages(): Map<string, string> {
  const program = commandLine(processHost())
  const help = program.createHelp()
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help')
  const shared = sharedOptions(commands)
  return new Map([
    ['index.md', overview(program, commands, shared)],
    ...commands.map((command) => [`${command.name()}.md`, commandPage(command, shared)] as const),
  ])
}

/** Options that all commands with an engine have, by their flags. */
function sharedOptions(commands: readonly Command[]): readonly Option[] {
  const [first, ...others] = commands
    .map(({ options }) => options)
    .filter((options) => options.some(({ long }) => long === '--engine'))
  const isShared = ({ flags }: Option) =>
    others.every((options) => options.some((option) => option.flags === flags))
  return (first ?? []).filter(isShared)
}

function overview(program: Command, commands: readonly Command[], shared: readonly Option[]): string {
  const rows = commands.map((command) => [
    `[${code(`convkit ${usage(command)}`)}](./${command.name()})`,
    plain(command.description()),
  ])
  const blocks = [
    '# Command line',
    'Every page here is made from the definitions that `convkit --help` prints, so it says what the command does.',
    markdownTable(['command', 'does'], rows),
    '## Options of every command {#shared}',
    optionTable([...program.options, ...shared]),
    'An option is taken from the command line, else from the environment, else from `convkit.config`, else it has its default: see [configuration](../../guide/configuration). `--print-config` shows where each value is from.',
    '## Exit codes',
    markdownTable(
      ['code', 'meaning'],
      [
        ['0', 'done'],
        ['1', 'failed: data, a model or the machine did not allow it'],
        ['2', 'wrong usage: a command, option, value, or the name of a model or engine'],
        [
          '130, 143',
          'interrupted by Ctrl-C or SIGTERM; training is saved, and the line it prints says how to resume',
        ],
      ],
    ),
  ]
  return page(blocks, optionsPage)
}

function commandPage(command: Command, shared: readonly Option[]): string {
  const flags = new Set(shared.map((option) => option.flags))
  const own = command.options.filter((option) => !flags.has(option.flags))
  const takesShared = own.length < command.options.length
  const children = command.commands.filter((command) => command.name() !== 'help')
  const blocks = [
    `# convkit ${command.name()}`,
    plain(sentence(command.description())),
    children.length === 0 ? shell(`convkit ${usage(command)}`) : '',
    own.length > 0 ? `## Options\n\n${optionTable(own)}` : '',
    takesShared && children.length === 0
      ? `${own.length > 0 ? 'It also takes' : 'It takes'} the [options of every command](./#shared).`
      : '',
    ...children.map((child) => section(command, child)),
  ]
  return page(blocks, optionsPage)
}

function section(parent: Command, command: Command): string {
  return [
    `## convkit ${parent.name()} ${command.name()}`,
    plain(sentence(command.description())),
    shell(`convkit ${parent.name()} ${usage(command)}`),
    command.options.length > 0 ? optionTable(command.options) : '',
  ].join('\n\n')
}

function usage(command: Command): string {
  const values = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '…' : ''}`
    return argument.required ? `<${name}>` : `[${name}]`
  })
  return [command.name(), ...values].join(' ')
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => {
    const [, text = '', preset = ''] = /^(.*?)(?: \(default: (.*)\))?$/.exec(option.description) ?? []
    const choices = option.argChoices ? ` (${option.argChoices.map(code).join(', ')})` : ''
    const otherwise = preset ? `<br><small>default: ${plain(preset)}</small>` : ''
    return [code(option.flags), plain(text) + choices + otherwise]
  })
  return markdownTable(['option', 'what it is'], rows)
}

const shell = (line: string) => `\`\`\`sh\n${line}\n\`\`\``
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

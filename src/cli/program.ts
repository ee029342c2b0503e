// The words after `bitgrad`, read by commander: a command with its arguments and options, or help.

import { Argument, type Command as Commander, CommanderError, Option, Command as Program } from 'commander';
import { type Command, type CommandOption, UsageError } from './command.js';
import { COMMANDS } from './commands.js';
import { wrap } from './text.js';

/** Every command has these. */
export const COMMON: readonly CommandOption[] = [
  { flags: '--json', what: 'one JSON value on standard output, and nothing else' },
  { flags: '-q, --quiet', what: 'the result alone' },
];

const EXAMPLES = [
  ['npx bitgrad demo', 'what it is: the same bits from WebAssembly and TypeScript'],
  ['npx bitgrad train data.csv --target y', 'a model of the column y, and what it is worth'],
  ['npx bitgrad predict model.safetensors new.csv', 'what it says of other rows'],
] as const;

const FOOT = `"bitgrad COMMAND --help" shows options and examples of a command. "-" as a file is standard input.
Exit codes: 0 success, 1 failure, 2 a command line that is wrong, 130 Ctrl-C.`;

/** Columns of help: of a narrow terminal, too. */
const helpWidth = (): number => (process.stdout.isTTY && process.stdout.columns) || 80;
/** So many columns of it descriptions need, or they stand as they are. */
const LEAST_WIDTH = 16;

export interface Chosen {
  readonly command: Command;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Text to be printed, and nothing to be run. */
export interface Printed {
  readonly text: string;
  readonly code: number;
}

const show = (value: unknown) => (Array.isArray(value) ? value.join(',') : String(value));

/** The name by which messages call it: `--out`. */
const longName = (flags: string): string => /--[\w-]+/.exec(flags)?.[0] ?? flags;

function readerOf({ flags, choices, read }: CommandOption): ((text: string) => unknown) | undefined {
  if (!choices && !read) return undefined;
  return (text) => {
    try {
      if (choices && !choices.includes(text)) throw new UsageError(`must be ${orText(choices)}, got "${text}"`);
      return read ? read(text) : text;
    } catch (error) {
      throw error instanceof UsageError ? new UsageError(`${longName(flags)} ${error.message}`) : error;
    }
  };
}

const orText = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;

function optionOf(option: CommandOption): Option {
  const made = new Option(option.flags, option.what);
  if (option.default !== undefined) made.default(option.default, show(option.default));
  if (option.choices) made.choices(option.choices);
  const read = readerOf(option);
  if (read) made.argParser(read);
  return made;
}

const examplesText = (examples: readonly (readonly [line: string, what: string])[]): string =>
  ['Examples:', ...examples.map(([line, what]) => `  ${line}\n${wrap(what, helpWidth(), '      ')}`)].join('\n');

/** Those that a command has not got by the same name itself, as `export` has `--json`. */
export const commonOf = (options: readonly CommandOption[]): readonly CommandOption[] =>
  COMMON.filter(({ flags }) => !options.some((own) => longName(own.flags) === longName(flags)));

/** Adds what its module says. */
function fill(program: Commander, { arguments: args, options, examples }: Command): void {
  for (const [flags, what] of args) program.addArgument(new Argument(flags, what));
  for (const option of [...options, ...commonOf(options)]) program.addOption(optionOf(option));
  program.addHelpText('after', `\n${examplesText(examples)}`);
}

/** The command that is meant, with its place among the words. Options of `bitgrad` itself take no values. */
const nameOf = (argv: readonly string[]): string | undefined => argv.find((word) => !word.startsWith('-'));

/** `help train` is `train --help`. */
const withoutHelp = ([first, ...rest]: readonly string[]): string[] => {
  if (first !== 'help') return first === undefined ? [] : [first, ...rest];
  return rest.length === 0 ? ['--help'] : [...rest, '--help'];
};

/** One line: commander's own have the suggestion on a second one. */
function usageErrorOf({ message }: Error, name: string | undefined): UsageError {
  const said = message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)$/, ': did you mean $1?')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  return new UsageError(`${said}${said.endsWith('?') ? '' : ';'} "bitgrad ${name ? `${name} ` : ''}--help" says more`);
}

/** @throws {UsageError} */
export async function parse(words: readonly string[]): Promise<Chosen | Printed> {
  const named = withoutHelp(words);
  const name = nameOf(named);
  // There is no help on what there is not.
  const isKnown = name === undefined || COMMANDS.some((line) => line.name === name);
  const argv = isKnown ? named : named.filter((word) => word !== '--help' && word !== '-h');
  let text = '';
  let chosen: Chosen | undefined;
  const write = (more: string) => {
    text += more;
  };
  const setUp = (program: Program) =>
    program
      .exitOverride()
      .configureOutput({ writeOut: write, writeErr: write, outputError: () => {}, getOutHelpWidth: helpWidth })
      .configureHelp({ minWidthToWrap: LEAST_WIDTH });
  const program = setUp(new Program('bitgrad'));
  program
    .description('Neural networks from tables, with the same bits on every machine.')
    .usage('COMMAND [options]')
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText('after', `\n${examplesText(EXAMPLES)}\n\n${wrap(FOOT, helpWidth())}`);
  for (const option of COMMON) program.addOption(optionOf(option).hideHelp());
  program.option('-V, --version', 'the version of bitgrad');
  let known: string | undefined;
  for (const line of COMMANDS) {
    const each = setUp(
      program
        .command(line.name)
        .summary(line.what)
        .description(`${line.what[0].toUpperCase()}${line.what.slice(1)}.`),
    );
    if (line.name !== name) continue;
    known = name;
    const { command } = await line.load();
    fill(each, command);
    each.action(() => {
      chosen = { command, args: each.args, options: { ...each.opts() } };
    });
  }
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return { text, code: 0 };
    if (error.code === 'commander.help') return { text, code: 2 };
    throw usageErrorOf(error, known);
  }
  if (!chosen) return { text, code: 2 };
  const { json, quiet } = program.opts();
  return { ...chosen, options: { ...chosen.options, ...(json && { json }), ...(quiet && { quiet }) } };
}

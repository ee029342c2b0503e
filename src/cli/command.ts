// What a command is: a file in commands/, and a line of the table in commands.ts.

import type { Output } from './output.js';

/** `--hidden 64,32`: as commander takes it, and what help says. */
export interface CommandOption {
  /** As commander reads it: `-o, --out <file>`, `--json`, `--no-report`. */
  readonly flags: string;
  readonly what: string;
  readonly default?: unknown;
  readonly choices?: readonly string[];
  /** Text to value. @throws {UsageError} saying what was expected */
  read?(text: string): unknown;
}

/** What it is called, and what it does in a line, stands in that table. */
export interface Command {
  /** As commander reads them: `<data>`, `[files...]`. */
  readonly arguments: readonly (readonly [flags: string, what: string])[];
  readonly options: readonly CommandOption[];
  /** Lines that can be typed as they are, and what they do. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** @returns the exit code @throws {UsageError} for 2, anything else for 1 */
  run(args: readonly string[], options: Readonly<Record<string, unknown>>, context: CommandContext): Promise<number>;
}

export interface CommandContext {
  readonly out: Output;
  /** Aborts at the first Ctrl-C; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** The words after `bitgrad`, as they were typed. */
  readonly argv: readonly string[];
}

/** The command line is wrong: exit code 2, one line, and where help is. */
export class UsageError extends Error {
  override name = 'UsageError';
}

// A command line from its words to the exit code.

import { UsageError } from './command.js';
import { errorJSON, messageOf, stackOf } from './errors.js';
import { type Interrupts, listen } from './interrupts.js';
import { parse } from './program.js';
import { createOutput, type TerminalOutput } from './terminal.js';

const BROKEN_PIPE = 141;

/** Whether `--json` stands among the words, however wrong the others are; `export --json FILE` names a file by it. */
const wantsJSON = (argv: readonly string[]): boolean => {
  const end = argv.indexOf('--');
  const words = argv.slice(0, end < 0 ? argv.length : end);
  const at = words.indexOf('--json');
  const names = words[0] === 'export' && /^([^-]|-$)/.test(words[at + 1] ?? '');
  return at >= 0 && !names;
};

const wantsVersion = (argv: readonly string[]): boolean =>
  ['-V', '--version'].some((flag) => argv[0] === flag || (argv[0] === '--json' && argv[1] === flag));

function report(out: TerminalOutput, error: unknown): number {
  out.close();
  if (out.json) process.stdout.write(`${JSON.stringify(errorJSON(error))}\n`);
  else process.stderr.write(`bitgrad: ${messageOf(error)}\n`);
  if (process.env.BITGRAD_DEBUG) process.stderr.write(`${stackOf(error)}\n`);
  return error instanceof UsageError ? 2 : 1;
}

/** Who reads no further, `head` for one, ends the process without a word; whoever else cannot be written to is told of. */
function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(BROKEN_PIPE);
    process.stderr.write(`bitgrad: standard output: ${messageOf(error)}\n`);
    process.exit(1);
  });
  // Remarks that nobody reads are no reason to stop.
  process.stderr.on('error', () => {});
}

async function run(argv: readonly string[], out: TerminalOutput, interrupts: Interrupts): Promise<number> {
  if (wantsVersion(argv)) {
    const { version } = await import('../index.js');
    out.result({ version }, version);
    return 0;
  }
  const parsed = await parse(argv);
  if ('text' in parsed) {
    if (parsed.code !== 0 && out.json) throw new UsageError('expected a command; "bitgrad --help" lists them');
    (parsed.code === 0 ? process.stdout : process.stderr).write(parsed.text);
    return parsed.code;
  }
  const { command, args, options } = parsed;
  const context = {
    out,
    argv,
    get signal() {
      return interrupts.signal;
    },
  };
  return command.run(args, options, context);
}

/** Runs it, and ends the process when all is written. */
export async function main(argv: readonly string[]): Promise<void> {
  watchOutput();
  const quiet = argv.includes('--quiet') || argv.includes('-q');
  const out = createOutput(process, { json: wantsJSON(argv), quiet });
  const interrupts = listen(() => out.close());
  const fail = (error: unknown) => process.exit(report(out, error));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  let code: number;
  try {
    code = await run(argv, out, interrupts);
  } catch (error) {
    // What Ctrl-C broke off needs no words; who reads JSON waits for some.
    const silent = interrupts.code !== undefined && !out.json;
    code = silent ? 1 : report(out, error);
  }
  out.close();
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit(interrupts.code ?? code);
}

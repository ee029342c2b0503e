// What npm run bench is told, read once for all sets.

import { parseArgs } from 'node:util';
import type { BenchSet } from './set.js';

const FLAGS = {
  set: { type: 'string', multiple: true },
  filter: { type: 'string' },
  rounds: { type: 'string' },
  json: { type: 'string' },
  chart: { type: 'string' },
  'cpu-time': { type: 'boolean' },
  smoke: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const help = (sets: Record<string, BenchSet>, byDefault: string) => `npm run bench -- [flags]

  --set NAME       what to measure, more than once for more; default ${byDefault}
${Object.entries(sets)
  .map(([name, { what }]) => `                     ${name.padEnd(10)} ${what}`)
  .join('\n')}
  --filter TEXT    only cases whose line contains TEXT, such as "matmul nn", "f32" or "resident"
  --rounds N       turns of each subject, whose medians are compared; default 9
  --json FILE      write every figure to FILE
  --chart FILE     write a chart to FILE, as SVG
  --cpu-time       count a process's processor time instead of the clock's: for a machine that is busy
  --smoke          each case once or a few times only: does it run? The figures mean nothing
  --help           this text`;

/** Ends the process where there is nothing to run: of --help in peace, else with the reason. */
export function readOptions(sets: Record<string, BenchSet>, byDefault: string) {
  const fail = (reason: string): never => {
    console.error(`${reason}\n\n${help(sets, byDefault)}`);
    process.exit(2);
  };
  const read = () => {
    try {
      return parseArgs({ options: FLAGS }).values;
    } catch (error) {
      return fail((error as Error).message);
    }
  };
  const { set = [byDefault], rounds, ...rest } = read();
  if (rest.help) {
    console.log(help(sets, byDefault));
    process.exit(0);
  }
  const unknown = set.find((name) => !Object.hasOwn(sets, name));
  if (unknown !== undefined) fail(`--set ${unknown}: the sets are ${Object.keys(sets).join(', ')}`);
  const turns = rounds === undefined ? undefined : Number(rounds);
  if (turns !== undefined && !(Number.isSafeInteger(turns) && turns > 0)) {
    fail(`--rounds must be a positive integer, got ${rounds}`);
  }
  return { ...rest, sets: [...new Set(set)], rounds: turns };
}

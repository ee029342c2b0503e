// What npm run bench is told, read once for all sets.

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchSet } from './set.js';

const FLAGS = {
  set: { type: 'string', multiple: true },
  filter: { type: 'string' },
  rounds: { type: 'string' },
  threads: { type: 'string' },
  json: { type: 'string' },
  chart: { type: 'string' },
  'cpu-time': { type: 'boolean' },
  smoke: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Those of an engine. */
const MOST_THREADS = 64;

const help = (sets: Record<string, BenchSet>, byDefault: string) => `npm run bench -- [flags]

  --set NAME       what to measure, more than once for more; default ${byDefault}
${Object.entries(sets)
  .map(([name, { what }]) => `                     ${name.padEnd(10)} ${what}`)
  .join('\n')}
  --filter TEXT    only cases whose line contains TEXT, such as "matmul nn", "f32" or "resident"
  --rounds N       turns of each subject, whose medians are compared; default 9
  --threads N      the most threads, in the sets peers, threads and scaling; default: the processors of this machine
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
  const { set = [byDefault], rounds, threads, ...rest } = read();
  if (rest.help) {
    console.log(help(sets, byDefault));
    process.exit(0);
  }
  const unknown = set.find((name) => !Object.hasOwn(sets, name));
  if (unknown !== undefined) fail(`--set ${unknown}: the sets are ${Object.keys(sets).join(', ')}`);
  const count = (name: string, given: string, most: number) => {
    const number = Number(given);
    if (Number.isSafeInteger(number) && number > 0 && number <= most) return number;
    return fail(`--${name} must be a positive integer${most < Infinity ? ` up to ${most}` : ''}, got ${given}`);
  };
  const turns = rounds === undefined ? undefined : count('rounds', rounds, Infinity);
  const most = count('threads', threads ?? `${Math.min(MOST_THREADS, availableParallelism())}`, MOST_THREADS);
  return { ...rest, sets: [...new Set(set)], rounds: turns, threads: most };
}

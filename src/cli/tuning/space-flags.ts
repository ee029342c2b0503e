// What varies, as it is typed: values between commas, low..high, and layers of hidden units with colons between.

import { readFile } from 'node:fs/promises';
import { DataError, type Range, readSpace, TUNABLES, type TuningSpace } from '../../tables/index.js';
import { type CommandOption, UsageError } from '../command.js';
import { integer, list, number } from '../options.js';

const units = list(integer({ min: 1 }));

/** `32:64,32:none` is one layer of 32, two of 64 and 32, none. */
function layers(text: string): number[][] {
  return text.split(':').map((each) => (each.trim() === 'none' ? [] : units(each)));
}

/** Values, or a range of them. */
function values(read: (text: string) => number, kind: 'logUniform' | 'integers') {
  const some = list(read, 1);
  return (text: string): number[] | Range => {
    const [low, high, ...more] = text.split('..');
    if (high === undefined) return some(text);
    if (more.length > 0) throw new UsageError(`must be values between commas, or low..high, got "${text}"`);
    const bounds = [read(low), read(high)] as const;
    if (!(bounds[0] < bounds[1])) throw new UsageError(`must go from low to high, got "${text}"`);
    if (kind === 'logUniform' && bounds[0] === 0) {
      throw new UsageError(`must begin above 0, as it goes by its logarithm, got "${text}"`);
    }
    return { [kind]: bounds } as unknown as Range;
  };
}

const words = list((text) => {
  if (text === '') throw new UsageError('must be names between commas, got an empty one');
  return text;
}, 1);

const positive = number({ min: 0, above: true });

/** One for each parameter that can vary. Those that get one value are fixed. */
export const SPACE_OPTIONS: readonly CommandOption[] = [
  { flags: '--hidden <layers>', what: 'units of layers, a colon between what is tried: 32:64,32:none', read: layers },
  { flags: '--activation <names>', what: 'relu,tanh,gelu', read: words },
  { flags: '--solver <names>', what: 'adam,adamw,lbfgs', read: words },
  { flags: '--learning-rate <x>', what: '1e-4,1e-3,1e-2, or 1e-4..1e-2', read: values(positive, 'logUniform') },
  { flags: '--l2 <x>', what: '0,1e-5,1e-3, or 1e-6..1e-3', read: values(number({ min: 0 }), 'logUniform') },
  { flags: '--batch-size <n>', what: '16,64,256, or 16..256', read: values(integer({ min: 1 }), 'integers') },
  { flags: '--epochs <n>', what: '50,100, or 20..200 (default: 100)', read: values(integer({ min: 1 }), 'integers') },
];

async function fromFile(path: string): Promise<TuningSpace> {
  const text = await readFile(path, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DataError(`it is no JSON: ${(cause as Error).message}`, { file: path }, { cause });
  }
  try {
    return readSpace(value);
  } catch (cause) {
    throw new DataError((cause as Error).message.replace(/^"space":? /, ''), { file: path }, { cause });
  }
}

/** Of the file and the flags, which come before it. */
export async function spaceFrom(given: Readonly<Record<string, unknown>>): Promise<TuningSpace> {
  const file = given.space === undefined ? {} : await fromFile(given.space as string);
  const flags = Object.keys(TUNABLES).filter((name) => given[name] !== undefined);
  return { ...file, ...Object.fromEntries(flags.map((name) => [name, given[name]])) };
}

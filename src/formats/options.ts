// Options of openTable and createTable, looked at before anything is opened.

import { ValueError } from '../index.js';
import type { Format } from './format.js';
import { ENCODINGS } from './lines.js';
import type { OpenOptions } from './table.js';
import { shown } from './text.js';

interface Check {
  readonly expected: string;
  is(value: unknown): boolean;
}

const whole = (least: number): Check => ({
  expected: `an integer of ${least} or more`,
  is: (value) => Number.isSafeInteger(value) && (value as number) >= least,
});

const name: Check = { expected: 'a name', is: (value) => typeof value === 'string' && value !== '' };

const CHECKS: { readonly [Name in keyof Required<OpenOptions>]: Check } = {
  format: name,
  delimiter: {
    expected: 'one character, and neither a quote nor the end of a line',
    is: (value) => typeof value === 'string' && /^[^"\r\n]$/u.test(value),
  },
  encoding: {
    expected: `one of ${ENCODINGS.join(', ')}`,
    is: (value) => (ENCODINGS as readonly unknown[]).includes(value),
  },
  header: { expected: 'true or false', is: (value) => typeof value === 'boolean' },
  blockRows: whole(1),
  skipBadRows: whole(0),
  array: name,
  features: whole(1),
  signal: { expected: 'an AbortSignal', is: (value) => typeof (value as AbortSignal)?.throwIfAborted === 'function' },
};

/** Those that every format takes. */
const COMMON: readonly string[] = ['format', 'blockRows', 'signal'];

/** Those that are given. @throws {ValueError} naming an option that is unknown, or what it should be */
export function checkOptions(options: OpenOptions): OpenOptions {
  if (typeof options !== 'object' || options === null)
    throw new ValueError(`"options" must be an object, got ${shown(options)}`);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [key, value] of given) {
    const check = Object.hasOwn(CHECKS, key) ? CHECKS[key as keyof OpenOptions] : undefined;
    if (!check) throw new ValueError(`${shown(key)} is no option of openTable: ${Object.keys(CHECKS).join(', ')} are`);
    if (!check.is(value)) throw new ValueError(`"${key}" must be ${check.expected}, got ${shown(value)}`);
  }
  return Object.fromEntries(given);
}

/** @throws {ValueError} naming an option that the format has no use for */
export function checkUse(options: OpenOptions, format: Format): void {
  const useful: readonly string[] = [...COMMON, ...format.options];
  const useless = Object.keys(options).find((key) => !useful.includes(key));
  if (useless === undefined) return;
  const advice = format.options.length > 0 ? `which takes ${format.options.join(', ')}` : 'which takes none of its own';
  throw new ValueError(`"${useless}" is no option of ${format.name}, ${advice}`);
}

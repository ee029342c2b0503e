// Numbers in JSON, every one of which comes back with its bits.

import { ValueError } from './errors.js';

/** A number, or its name where JSON has none for it: `"-0"`, `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export type JSONNumber = number | string;

const NOT_IN_JSON: Record<string, number> = { '-0': -0, NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

/** As JSON has it. */
export const encodeNumber = (x: number): JSONNumber => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x));

/** What encodeNumber wrote, if it is that. */
export function decodeNumber(x: unknown): number | undefined {
  if (typeof x === 'number') return x;
  return typeof x === 'string' && Object.hasOwn(NOT_IN_JSON, x) ? NOT_IN_JSON[x] : undefined;
}

export const JSON_NUMBERS = 'numbers, or "-0", "NaN", "Infinity" and "-Infinity"';

/** An object, or the one whose text this is. @throws {ValueError} */
export function parseJSON(source: unknown): unknown {
  if (typeof source !== 'string') return source;
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw new ValueError(`"json" is no JSON: ${(cause as Error).message}`, { cause });
  }
}

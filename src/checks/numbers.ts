// Numbers among options.

import { describe, ValueError } from './errors.js';

/** A number from `min` (above it, if `open`) to below `limit`. @throws {ValueError} naming the option */
export function checkNumber(value: unknown, name: string, min: number, limit = Infinity, open = false): number {
  if (typeof value === 'number' && (open ? value > min : value >= min) && value < limit) return value;
  const from = open ? `above ${min}` : `from ${min}`;
  const to = limit === Infinity ? ', finite' : ` to below ${limit}`;
  throw new ValueError(`"${name}" must be a number ${from}${to}, got ${describe(value)}`);
}

/** An integer from `min` on. @throws {ValueError} naming the option */
export function checkInteger(value: unknown, name: string, min: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= min) return value as number;
  throw new ValueError(`"${name}" must be an integer, ${min} or more, got ${describe(value)}`);
}

export function checkFlag(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new ValueError(`"${name}" must be true or false, got ${describe(value)}`);
}

// Readers of options: a text becomes a value, or a UsageError says what was expected. The option's name is put before that.

import { UsageError } from './command.js';

export interface Range {
  /** The least that is allowed. */
  readonly min?: number;
  readonly max?: number;
  /** Whether it must be greater than `min`. */
  readonly above?: boolean;
}

const quoted = (text: string) => `got "${text}"`;

function rangeText({ min, max, above }: Range): string {
  if (min === undefined) return max === undefined ? '' : ` of at most ${max}`;
  if (max !== undefined) return ` ${above ? 'above' : 'from'} ${min} ${above ? 'and at most' : 'to'} ${max}`;
  return above ? ` above ${min}` : ` of ${min} or more`;
}

function within(value: number, { min = -Infinity, max = Infinity, above = false }: Range): boolean {
  return (above ? value > min : value >= min) && value <= max;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A finite number, as decimals are written. */
export function number(range: Range = {}): (text: string) => number {
  return (text) => {
    const value = DECIMAL.test(text.trim()) ? Number(text) : Number.NaN;
    if (Number.isFinite(value) && within(value, range)) return value;
    throw new UsageError(`must be a number${rangeText(range)}, ${quoted(text)}`);
  };
}

/** An integer; 1e4 is one. */
export function integer(range: Range = {}): (text: string) => number {
  return (text) => {
    const value = DECIMAL.test(text.trim()) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && within(value, range)) return value;
    throw new UsageError(`must be an integer${rangeText(range)}, ${quoted(text)}`);
  };
}

/** Values between commas. @param least how many there must be */
export function list<T>(read: (text: string) => T, least = 0): (text: string) => T[] {
  return (text) => {
    const parts = text.trim() === '' ? [] : text.split(',').map((part) => part.trim());
    if (parts.length < least) throw new UsageError(`must be ${least} or more values between commas, ${quoted(text)}`);
    return parts.map((part) => {
      try {
        return read(part);
      } catch (error) {
        throw new UsageError(`has values between commas, each of which ${(error as Error).message}`);
      }
    });
  };
}

/** A number, or a word that stands for something: `auto`. */
export function wordOr<T, W extends string>(words: readonly W[], read: (text: string) => T): (text: string) => T | W {
  return (text) => {
    const word = words.find((each) => each === text);
    if (word !== undefined) return word;
    try {
      return read(text);
    } catch (error) {
      throw new UsageError(`must be ${words.join(' or ')}, or ${(error as Error).message.replace(/^must be /, '')}`);
    }
  };
}

/** A path. `-` is standard input or output, where a command takes that. */
export function file(text: string): string {
  if (text === '') throw new UsageError('must be the path of a file, got an empty text');
  return text;
}

// What vectorizers share: how they read texts, and their options as JSON and in words.

import { describe } from '../../checks/describe.js';
import { ShapeError, ValueError } from '../../checks/errors.js';
import { refuseValue } from '../../checks/values.js';
import { type Check, flag, integer, list, mismatch, oneOf, record, text } from '../../files/schema.js';
import { Table } from '../../matrix/table.js';
import { ANALYZER_OPTIONS, ANALYZERS, type AnalyzerOptions, type ReadAnalyzerOptions } from './analyzer.js';

/** Texts, one a row. */
export type TextInput = readonly string[];

/** The texts of a table's one column. */
function textsOf(table: Table): string[] {
  if (table.cols !== 1) throw new ShapeError(`"${table.name}" has ${table.cols} columns, but texts are one`);
  return Array.from(table.columns[0], (cell, i) => {
    if (typeof cell === 'string') return cell;
    throw new ValueError(`${table.place(i, 0)} must be a text, got ${describe(cell)}`);
  });
}

/** A copy. @throws {ShapeError|ValueError} naming the place */
export function readTexts(value: unknown, name: string): string[] {
  if (value instanceof Table) return textsOf(value);
  if (!Array.isArray(value)) return refuseValue(name, 'an array of texts, one a row', value);
  if (value.length === 0) throw new ShapeError(`"${name}" has no rows`);
  return Array.from(value, (each: unknown, i) =>
    typeof each === 'string' ? each : refuseValue(name, 'a text', each, `[${i}]`),
  );
}

/** The options of an analyzer that an object has. */
export function analyzerOptionsOf(of: ReadAnalyzerOptions): ReadAnalyzerOptions {
  return Object.fromEntries(ANALYZER_OPTIONS.map((name) => [name, of[name]])) as unknown as ReadAnalyzerOptions;
}

export interface AnalyzerJSON {
  lowercase: boolean;
  analyzer: (typeof ANALYZERS)[number];
  tokenPattern: { source: string; flags: string };
  stopWords: string[] | null;
  ngramRange: number[];
}

export function analyzerJSON(of: ReadAnalyzerOptions): AnalyzerJSON {
  const { lowercase, analyzer, tokenPattern, stopWords, ngramRange } = of;
  const { source, flags } = tokenPattern;
  return {
    lowercase,
    analyzer,
    tokenPattern: { source, flags },
    stopWords: stopWords && [...stopWords],
    ngramRange: [...ngramRange],
  };
}

const pattern: Check<RegExp> = (value, path) => {
  const { source, flags } = record({ source: text, flags: text })(value, path);
  try {
    return new RegExp(source, flags);
  } catch {
    return mismatch(path, 'must be a regular expression');
  }
};

/** What null stands for, or a value of a form. */
export const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value, path) =>
    value === null ? null : check(value, path);

/** What analyzerJSON wrote. */
export const analyzerForm = {
  lowercase: flag,
  analyzer: oneOf(...ANALYZERS),
  tokenPattern: pattern,
  stopWords: orNull(list(text)),
  ngramRange: list(integer(1), 2) as unknown as Check<readonly [number, number]>,
} satisfies { [Name in keyof AnalyzerOptions]-?: Check<unknown> };

/** Lists that are longer are counted, in words. */
const SHOWN = 8;

/** Options for console.log. */
export const shown = (options: object): object =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      if (Array.isArray(value) && value.length > SHOWN) return [name, `${value.length} texts`];
      return [name, Object.prototype.toString.call(value) === '[object RegExp]' ? String(value) : value];
    }),
  );

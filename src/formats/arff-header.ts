// The header of ARFF: names and types.

import { splitCells, unescaped } from './arff-cells.js';
import { DataError } from './errors.js';
import { readLines, type TextKind } from './lines.js';
import type { Bytes } from './source.js';
import { shown } from './text.js';

export interface Attribute {
  readonly name: string;
  readonly type: 'number' | 'string';
  /** Of a nominal one. */
  readonly categories?: ReadonlySet<string>;
  /** What a sparse row leaves out. */
  readonly zero: number | string;
}

const ATTRIBUTE = /^@attribute\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s{]+))\s*(.*)$/i;

const BRACES = /^\{(.*)\}$/s;

/** @returns an attribute, or what is wrong */
function attributeOf(line: string): Attribute | string {
  const match = ATTRIBUTE.exec(line);
  if (!match) return `${shown(line)} is no @attribute NAME TYPE`;
  const name = unescaped(match[1] ?? match[2] ?? match[3]);
  const type = match[4].split('%', 1)[0].trim();
  if (/^(numeric|real|integer)\b/i.test(type)) return { name, type: 'number', zero: 0 };
  if (/^string\b/i.test(type)) return { name, type: 'string', zero: '' };
  const inner = BRACES.exec(match[4].trim())?.[1] ?? BRACES.exec(type)?.[1];
  if (inner !== undefined) {
    const cells = splitCells(inner);
    if (typeof cells === 'string') return `the values of ${shown(name)}: ${cells}`;
    const values = cells.map(({ text }) => text);
    return { name, type: 'string', categories: new Set(values), zero: values[0] };
  }
  if (/^date\b/i.test(type)) return `${shown(name)} is a date, which is not read: turn it into numbers (a year, a day)`;
  return `${shown(name)} is ${shown(type)}: numeric, string and {values} are read`;
}

/** Up to `@data`. @returns the line of that */
export async function readHeader(
  source: Bytes,
  kind: TextKind,
  signal?: AbortSignal,
): Promise<{ attributes: readonly Attribute[]; data: number }> {
  const { file } = source;
  const attributes: Attribute[] = [];
  for await (const { lines, first } of readLines(source, kind, signal)) {
    for (const [i, each] of lines.entries()) {
      const line = each.trim();
      const place = { file, line: first + i };
      if (line === '' || line.startsWith('%') || /^@relation\b/i.test(line)) continue;
      if (/^@data\b/i.test(line)) {
        if (attributes.length > 0) return { attributes, data: first + i };
        throw new DataError('@data, and no @attribute before it', place);
      }
      const attribute = /^@attribute\b/i.test(line)
        ? attributeOf(line)
        : `${shown(line)} before @data: @attribute was expected`;
      if (typeof attribute === 'string') throw new DataError(attribute, place);
      attributes.push(attribute);
    }
  }
  throw new DataError('there is no @data: this is no ARFF, or it is cut off', { file });
}

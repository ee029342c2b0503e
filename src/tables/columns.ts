// Columns by what callers call them.

import { DataError } from '../formats/errors.js';

/** How far two names are from one another, in letters (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1]));
    }
    row = next;
  }
  return row[b.length];
}

/** Names to choose from, the nearest first if one is near. */
export function hint(name: string, names: readonly string[]): string {
  const near = names
    .map((each) => [distance(name.toLowerCase(), each.toLowerCase()), each] as const)
    .filter(([far]) => far <= Math.max(1, name.length / 3))
    .sort(([a], [b]) => a - b)[0];
  const all = `${names.slice(0, 12).join(', ')}${names.length > 12 ? `, ... (${names.length})` : ''}`;
  return near ? `did you mean ${near[1]}? It has ${all}` : `it has ${all}`;
}

/** The place of a column, by its name, else by its number from 0. @throws {DataError} that names the nearest */
export function findColumn(name: string, names: readonly string[], file: string): number {
  const found = names.indexOf(name);
  if (found >= 0) return found;
  const place = /^-?\d{1,9}$/.test(name) ? Number(name) : Number.NaN;
  const index = place < 0 ? names.length + place : place;
  if (index >= 0 && index < names.length) return index;
  throw new DataError(`there is no column ${JSON.stringify(name)}: ${hint(name, names)}`, { file });
}

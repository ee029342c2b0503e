// Names of columns.

import { DataError } from './errors.js';
import { shown } from './text.js';

/** More of them come of damaged files. */
const MOST = 1 << 20;

/** Of a file that has none. @throws {DataError} if they are too many to be columns */
export function namesOf(cols: number, file: string, stem = 'c'): string[] {
  if (cols > MOST)
    throw new DataError(`it says that it has ${cols} columns: ${MOST} is the most that is read`, { file });
  return Array.from({ length: cols }, (_, i) => `${stem}${i}`);
}

/** @throws {DataError} if one is empty, or two are the same */
export function checkNames(names: readonly string[], file: string, line?: number): void {
  const seen = new Map<string, number>();
  for (const [i, name] of names.entries()) {
    if (name === '') throw new DataError(`column ${i + 1} of ${names.length} has no name: give it one`, { file, line });
    const before = seen.get(name);
    if (before !== undefined) {
      throw new DataError(`columns ${before + 1} and ${i + 1} are both called ${shown(name)}: rename one`, {
        file,
        line,
      });
    }
    seen.set(name, i);
  }
}

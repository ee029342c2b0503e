// Categories that share a column because they are rare, and which column of a feature is whose.
// Source: scikit-learn 1.2.1, sklearn/preprocessing/_encoders.py (_identify_infrequent, _compute_drop_idx).

import type { Category } from './labels.js';

/** What the column of infrequent categories is called, as there. */
export const INFREQUENT = 'infrequent_sklearn';

interface Limits {
  readonly minFrequency: number | undefined;
  readonly maxCategories: number | undefined;
}

/** The numbers of the infrequent categories, ascending. @param codes of the rows, -1 of what is no category */
export function findInfrequent(codes: Int32Array, count: number, { minFrequency, maxCategories }: Limits): number[] {
  const counts = new Int32Array(count);
  for (const code of codes) if (code >= 0) counts[code]++;
  const least = minFrequency === undefined ? 0 : minFrequency < 1 ? minFrequency * codes.length : minFrequency;
  const rare = Array.from(counts, (n) => n < least);
  const columns = count - rare.filter(Boolean).length + 1;
  if (maxCategories !== undefined && maxCategories < columns) {
    // The rarest; of equal ones the first.
    const order = Array.from(counts, (_, code) => code).sort((a, b) => counts[a] - counts[b] || a - b);
    for (const code of order.slice(0, count - maxCategories + 1)) rare[code] = true;
  }
  return rare.flatMap((is, code) => (is ? [code] : []));
}

/** The columns that a feature becomes. */
export interface OneHotColumn {
  /** What each stands for. */
  readonly outputs: Category[];
  /** Of each category its place among them; -1: it is left out. */
  readonly places: Int32Array;
  /** The place of infrequent ones; -1: there are none, or it is left out. */
  readonly unknown: number;
  /** What was left out. */
  readonly dropped: Category | undefined;
}

export function oneHotColumn(
  categories: readonly Category[],
  infrequent: readonly number[],
  drop: 'first' | 'ifBinary' | undefined,
): OneHotColumn {
  const rare = new Set(infrequent);
  const frequent = categories.filter((_, code) => !rare.has(code));
  const all: Category[] = rare.size > 0 ? [...frequent, INFREQUENT] : frequent;
  const omitted = drop === 'first' || (drop === 'ifBinary' && all.length === 2) ? 1 : 0;
  const last = all.length - 1 - omitted;
  let next = -omitted;
  return {
    outputs: all.slice(omitted),
    places: Int32Array.from(categories, (_, code) => (rare.has(code) ? last : next++)),
    unknown: rare.size > 0 ? last : -1,
    dropped: omitted ? all[0] : undefined,
  };
}

// The terms of texts, and how often each text has them, in one pass. Source: scikit-learn 1.2.1, sklearn/feature_extraction/text.py
// (_count_vocab, _limit_features).

import { ValueError } from '../../checks/errors.js';
import type { Dtype } from '../../matrix/operand.js';
import { transposed } from '../../matrix/sparse.js';
import { SparseBuilder } from '../../matrix/sparse-builder.js';
import type { Compressed } from '../../matrix/sparse-tiles.js';

interface Limits {
  readonly minDf: number;
  readonly maxDf: number;
  readonly maxFeatures: number | null;
  readonly binary: boolean;
  readonly dtype: Dtype;
}

/** Terms in order, and rows that count them. */
interface Learnt {
  readonly terms: string[];
  readonly rows: Compressed;
}

/** By code points, as Python compares; `<` goes by halves of pairs, which stand before U+E000. */
function compare(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    const pairs = [x, y].map((code) => Number(code >= 0xd800 && code < 0xe000));
    return pairs[0] - pairs[1] || x - y;
  }
  return a.length - b.length;
}

/** Texts of their own: an engine's may be windows on the text that they were cut out of, which would stay. */
const own = (terms: readonly string[]): string[] => JSON.parse(JSON.stringify(terms));

/** Rows that count tokens, each in the column of its number: numbers are given as tokens come. */
function countAll(
  texts: readonly string[],
  tokensOf: (text: string) => readonly string[],
  { binary, dtype }: Limits,
): { found: Map<string, number>; rows: Compressed } {
  const found = new Map<string, number>();
  const builder = new SparseBuilder(texts.length, dtype);
  const counts = new Map<number, number>();
  for (const text of texts) {
    counts.clear();
    for (const token of tokensOf(text)) {
      let id = found.get(token);
      if (id === undefined) {
        id = found.size;
        found.set(token, id);
      }
      counts.set(id, binary ? 1 : (counts.get(id) ?? 0) + 1);
    }
    counts.forEach((count, id) => builder.add(id, count));
    builder.endRow();
  }
  return { found, rows: builder.finish() };
}

/** Rows of which columns get other numbers, and those of -1 go. */
function renumbered({ indptr, indices, values }: Compressed, columns: Int32Array, cols: number): Compressed {
  const starts = new Int32Array(indptr.length);
  const [to, kept] = [indices.slice(), values.slice()];
  let at = 0;
  for (let i = 0; i + 1 < indptr.length; i++) {
    for (let e = indptr[i]; e < indptr[i + 1]; e++) {
      const column = columns[indices[e]];
      if (column < 0) continue;
      to[at] = column;
      kept[at++] = values[e];
    }
    starts[i + 1] = at;
  }
  const parts = { indptr: starts, indices: to.subarray(0, at), values: kept.subarray(0, at) };
  // Twice, that sorts the columns of each row.
  return transposed(transposed(parts, cols), indptr.length - 1);
}

/** @throws {ValueError} if no term is left */
export function learnTerms(
  texts: readonly string[],
  tokensOf: (text: string) => readonly string[],
  limits: Limits,
): Learnt {
  const { minDf, maxDf, maxFeatures } = limits;
  const n = texts.length;
  const least = minDf < 1 ? minDf * n : minDf;
  const most = maxDf <= 1 ? maxDf * n : maxDf;
  if (most < least) throw new ValueError(`"maxDf" is ${most} texts of ${n}, fewer than the ${least} of "minDf"`);
  const { found, rows } = countAll(texts, tokensOf, limits);
  if (found.size === 0) throw new ValueError('"X" has no terms: its texts are empty, or hold stop words alone');
  /** In how many texts each is, and how often. */
  const [inTexts, times] = [new Int32Array(found.size), new Float64Array(found.size)];
  rows.indices.forEach((id, e) => {
    inTexts[id]++;
    times[id] += rows.values[e];
  });
  let kept = [...found].filter(([, id]) => inTexts[id] >= least && inTexts[id] <= most);
  if (kept.length === 0) {
    throw new ValueError(`no term is left of ${found.size}: lower "minDf" (${minDf}) or raise "maxDf" (${maxDf})`);
  }
  const inOrder = () => kept.sort(([a], [b]) => compare(a, b));
  inOrder();
  if (maxFeatures !== null && kept.length > maxFeatures) {
    kept = kept.sort(([, a], [, b]) => times[b] - times[a]).slice(0, maxFeatures);
    inOrder();
  }
  const columns = new Int32Array(found.size).fill(-1);
  kept.forEach(([, id], j) => {
    columns[id] = j;
  });
  return { terms: own(kept.map(([term]) => term)), rows: renumbered(rows, columns, kept.length) };
}

// The terms of texts. Source: scikit-learn 1.2.1, sklearn/feature_extraction/text.py (_limit_features).

import { ValueError } from '../../checks/errors.js';

interface Limits {
  readonly minDf: number;
  readonly maxDf: number;
  readonly maxFeatures: number | null;
  readonly binary: boolean;
}

/** In which texts a term is, and how often. */
interface Tally {
  texts: number;
  times: number;
  /** The text in which it was last. */
  last: number;
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

/** The terms that are kept, in order. @throws {ValueError} if there is none */
export function learnTerms(
  texts: readonly string[],
  tokensOf: (text: string) => readonly string[],
  { minDf, maxDf, maxFeatures, binary }: Limits,
): string[] {
  const n = texts.length;
  const least = minDf < 1 ? minDf * n : minDf;
  const most = maxDf <= 1 ? maxDf * n : maxDf;
  if (most < least) throw new ValueError(`"maxDf" is ${most} texts of ${n}, fewer than the ${least} of "minDf"`);
  const found = new Map<string, Tally>();
  texts.forEach((text, i) => {
    for (const token of tokensOf(text)) {
      let tally = found.get(token);
      if (!tally) {
        tally = { texts: 0, times: 0, last: -1 };
        found.set(token, tally);
      }
      const first = tally.last < i;
      if (first) tally.texts++;
      if (first || !binary) tally.times++;
      tally.last = i;
    }
  });
  if (found.size === 0) throw new ValueError('"X" has no terms: its texts are empty, or hold stop words alone');
  const kept = [...found].filter(([, { texts }]) => texts >= least && texts <= most);
  if (kept.length === 0) {
    throw new ValueError(`no term is left of ${found.size}: lower "minDf" (${minDf}) or raise "maxDf" (${maxDf})`);
  }
  kept.sort(([a], [b]) => compare(a, b));
  if (maxFeatures === null || kept.length <= maxFeatures) return own(kept.map(([term]) => term));
  const frequent = [...kept].sort(([, a], [, b]) => b.times - a.times).slice(0, maxFeatures);
  return own(frequent.map(([term]) => term).sort(compare));
}

// Scores of a candidate as one, and candidates by rank.

import { average } from '../../data/metrics/average.js';

export const meanOf = (scores: readonly number[]): number => average(scores.length, (i) => scores[i]);

/** Their standard deviation, over n. */
export function spreadOf(scores: readonly number[]): number {
  const mean = meanOf(scores);
  return Math.sqrt(average(scores.length, (i) => (scores[i] - mean) * (scores[i] - mean)));
}

/** 1 for the greatest; equal ones share the least rank of theirs; NaN comes last. */
export function ranksOf(scores: readonly number[]): number[] {
  const known = scores.map((x) => (Number.isNaN(x) ? -Infinity : x)).sort((a, b) => b - a);
  return scores.map((x) => known.indexOf(Number.isNaN(x) ? -Infinity : x) + 1);
}

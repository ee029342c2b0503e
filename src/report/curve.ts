// Curves by epoch as they are drawn: what is finite, and not more of it than can be seen.

import type { RunHistory } from '../tables/index.js';
import { LIMITS } from './limits.js';
import { placed } from './numbers.js';

export interface Point {
  readonly epoch: number;
  readonly value: number;
}

/** The least and the greatest of each stretch, so that a spike stays one; the first and the last. */
function thinned(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const stretches = Math.floor(most / 2) - 1;
  const kept = new Set([points[0], points[points.length - 1]]);
  for (let i = 0; i < stretches; i++) {
    const from = Math.floor((i * points.length) / stretches);
    let [low, high] = [points[from], points[from]];
    for (const each of points.slice(from, Math.floor(((i + 1) * points.length) / stretches))) {
      if (each.value < low.value) low = each;
      if (each.value > high.value) high = each;
    }
    kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a.epoch - b.epoch);
}

/** The epoch that an element of a curve is of. */
export const epochOf = ({ epochs, every }: Pick<RunHistory, 'epochs' | 'every'>, i: number, length: number): number =>
  i === length - 1 ? epochs : (i + 1) * every;

/** @returns what is to be drawn, and the first epoch of which there was no number */
export function curveOf(
  values: readonly number[],
  history: Pick<RunHistory, 'epochs' | 'every'>,
): { points: readonly Point[]; broken: number | undefined } {
  const epoch = (i: number) => epochOf(history, i, values.length);
  const points = values.flatMap((each, i) => {
    const value = placed(each);
    return value === undefined ? [] : [{ epoch: epoch(i), value }];
  });
  const first = values.findIndex((each) => !Number.isFinite(each));
  return { points: thinned(points, LIMITS.points), broken: first < 0 ? undefined : epoch(first) };
}

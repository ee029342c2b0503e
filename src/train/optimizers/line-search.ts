// A search along a line for the strong Wolfe conditions: Nocedal and Wright, Numerical Optimization (2006), algorithms 3.5 and
// 3.6, with the safeguards of minFunc that torch.optim.LBFGS has too.

import type { Block } from '../../memory/block.js';
import type { Sliced } from '../../numbers/sliced.js';

/** Sufficient decrease, and curvature. */
const C1 = 1e-4;
const C2 = 0.9;

/** A point on the line that is searched; its gradients in a block of its own. */
export interface Point {
  t: number;
  loss: number;
  slope: number;
  gradients: Block;
}

/** A line that can be searched. */
export interface Line {
  /** The point t steps along, its gradients put to that block; what is not finite counts as far too high. */
  point(t: number, gradients: Block): Sliced<Point>;
  /** For gradients of points: the start, the one before, and the two ends of the bracket. */
  readonly spare: readonly Block[];
  /** The largest number of the direction. */
  width(): number;
}

export interface SearchLimits {
  /** Evaluations in one search. */
  readonly maxLineSearch: number;
  readonly toleranceChange: number;
}

/** The minimum of the cubic through two points with these slopes, within bounds; their middle where it has none. */
function cubic(a: Point, b: Point, low = Math.min(a.t, b.t), high = Math.max(a.t, b.t)): number {
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t);
  const square = d1 * d1 - a.slope * b.slope;
  const d2 = Math.sqrt(square);
  const part = (right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2);
  const t = right.t - (right.t - left.t) * part;
  return square >= 0 && Number.isFinite(t) ? Math.min(Math.max(t, low), high) : (low + high) / 2;
}

/** What is asked of a point. */
const conditions = (start: Point) => ({
  tooHigh: ({ t, loss }: Point) => loss > start.loss + C1 * t * start.slope,
  flat: ({ slope }: Point) => Math.abs(slope) <= -C2 * start.slope,
});

/** The bracket made smaller. */
function* zoom(
  line: Line,
  bracket: [Point, Point],
  start: Point,
  searched: number,
  { maxLineSearch, toleranceChange }: SearchLimits,
): Sliced<Point> {
  const { tooHigh, flat } = conditions(start);
  const width = line.width();
  let low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
  let slow = false;
  for (let count = searched; count < maxLineSearch; count++) {
    const [a, b] = bracket;
    if (Math.abs(b.t - a.t) * width < toleranceChange) break;
    const [min, max] = [Math.min(a.t, b.t), Math.max(a.t, b.t)];
    let t = cubic(a, b);
    const margin = 0.1 * (max - min);
    const near = Math.min(max - t, t - min) < margin;
    // Twice in a row near an end is no progress.
    if (near && (slow || t >= max || t <= min)) {
      t = Math.abs(t - max) < Math.abs(t - min) ? max - margin : min + margin;
      slow = false;
    } else slow = near;
    const block = line.spare.find((each) => each !== a.gradients && each !== b.gradients && each !== start.gradients);
    const point = yield* line.point(t, block ?? line.spare[3]);
    const high = 1 - low;
    if (tooHigh(point) || point.loss >= bracket[low].loss) {
      bracket[high] = point;
      low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
      continue;
    }
    const done = flat(point);
    if (!done && point.slope * (bracket[high].t - bracket[low].t) >= 0) bracket[high] = bracket[low];
    bracket[low] = point;
    if (done) break;
  }
  return bracket[low];
}

/** A point that satisfies the strong Wolfe conditions, or the lowest that was found. */
export function* search(line: Line, first: number, start: Point, limits: SearchLimits): Sliced<Point> {
  const { maxLineSearch } = limits;
  const { tooHigh, flat } = conditions(start);
  const free = (...used: Point[]) => line.spare.find((block) => used.every((p) => p.gradients !== block)) as Block;

  let previous = start;
  let point = yield* line.point(first, free(start));
  let count = 0;
  let bracket: [Point, Point] | undefined;
  for (; count < maxLineSearch; count++) {
    if (tooHigh(point) || (count > 1 && point.loss >= previous.loss) || point.slope >= 0) {
      if (!tooHigh(point) && !(count > 1 && point.loss >= previous.loss) && flat(point)) return point;
      bracket = [previous, point];
      break;
    }
    if (flat(point)) return point;
    const { t } = point;
    const next = cubic(previous, point, t + 0.01 * (t - previous.t), t * 10);
    previous = point;
    point = yield* line.point(next, free(start, previous));
  }
  return yield* zoom(line, bracket ?? [start, point], start, count, limits);
}

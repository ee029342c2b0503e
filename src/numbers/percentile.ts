// Percentiles and medians, by linear interpolation between order statistics.
// Source: NumPy 1.24.2, numpy/lib/function_base.py (_quantile, _lerp): method 7 of Hyndman and Fan (1996).

/** Those that are not NaN, ascending. */
export function sortedNumbers(column: ArrayLike<number>): Float64Array {
  return Float64Array.from(column)
    .filter((x) => !Number.isNaN(x))
    .sort();
}

/** The quantile of sorted numbers, q from 0 to 1; NaN of none. */
export const quantile = (sorted: Float64Array, q: number): number => quantileOf(sorted.length, (i) => sorted[i], q);

/** The same of so many, told one by one. */
export function quantileOf(count: number, sorted: (i: number) => number, q: number): number {
  const last = count - 1;
  if (last < 0) return Number.NaN;
  const at = last * q;
  const i = Math.floor(at);
  const a = sorted(i);
  const b = sorted(Math.min(i + 1, last));
  const t = at - i;
  const difference = b - a;
  // From the nearer end, so that t = 1 gives b exactly.
  return t >= 0.5 ? b - difference * (1 - t) : a + difference * t;
}

/** The middle one of sorted numbers, or the mean of the two in the middle; NaN of none. */
export function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

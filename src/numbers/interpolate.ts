// Source: NumPy 1.24.2, numpy/core/src/multiarray/compiled_base.c (arr_interp).

/** The last index whose element is x or less; -1 if none is. `xs` ascends. */
export function lastUpTo(xs: ArrayLike<number>, x: number): number {
  let low = -1;
  let high = xs.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  return low;
}

/** The value at x of the line through the points (xs, ys); beyond the ends that of the end. xs ascend; `numpy.interp`. */
export function interpolate(x: number, xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  const last = xs.length - 1;
  const i = lastUpTo(xs, x);
  if (i < 0) return ys[0];
  if (i >= last) return ys[last];
  if (xs[i] === x) return ys[i];
  return ((ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])) * (x - xs[i]) + ys[i];
}

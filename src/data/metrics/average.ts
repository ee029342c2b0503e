/** The mean of n values, each with its weight if there are any. @internal */
export function average(n: number, value: (i: number) => number, weights?: ArrayLike<number>): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const weight = weights ? weights[i] : 1;
    sum += weight * value(i);
    total += weight;
  }
  return sum / total;
}

/** The integers from `from` on, below `to`. */
export function range(from: number, to: number): Int32Array {
  const integers = new Int32Array(to - from);
  for (let i = from; i < to; i++) integers[i - from] = i;
  return integers;
}

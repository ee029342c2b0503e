// A number that is added again and again, with every rounding, in a few steps.

/** For the bits of a double. */
let view: DataView | undefined;

/** Sign and exponent of a double: where its power of two begins. */
function binadeOf(x: number): number {
  view ??= new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  view.setUint32(0, view.getUint32(0) & 0xfff00000);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}

/**
 * What `sum += term` comes to after so many times, bit for bit.
 *
 * Sums between two powers of two are multiples of their last place. What is added to them is rounded to such a multiple, always to the
 * same: of a term that lies in the middle between two, to that which makes the sum even, and from an even sum on that is the same, too. So
 * it takes a multiplication, which is exact, to come near the next power of two.
 */
export function addedTimes(sum: number, term: number, times: number): number {
  let at = sum;
  for (let left = times; left > 0; ) {
    const next = at + term;
    left--;
    if (next === at || Number.isNaN(next)) return next;
    const binade = binadeOf(next);
    const after = next + term;
    if (left > 2 && binade !== 0 && binadeOf(at) === binade && binadeOf(after) === binade) {
      const step = after - next;
      const way = step > 0 === next > 0 ? 2 * binade - next : next - binade;
      // The last steps are taken singly: what is rounded below the power of two is rounded in finer places.
      const jump = Math.min(left, Math.floor(Math.abs(way / step)) - 2);
      if (jump > 0) {
        at = next + jump * step;
        left -= jump;
        continue;
      }
    }
    at = next;
  }
  return at;
}

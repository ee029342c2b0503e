// Distances between doubles, in units of the last place.

const view = new DataView(new ArrayBuffer(8));

/** The place of x in the order of all doubles; both zeros are 0. */
function order(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(1n << 63n) - bits : bits;
}

/** How many doubles lie between a and b, one of them included; 0 if they are equal. */
export function ulps(a: number, b: number): number {
  const distance = Number(order(a) - order(b));
  return Math.abs(distance);
}

/** The greatest distance of any two elements; the arrays are equally long. */
export function maxUlps(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} elements against ${b.length}`);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, ulps(a[i], b[i]));
  return most;
}

/** ln 2 to 32 bits, so that it is exact times an exponent, and the rest. */
export const LN2_32_BITS = 0.6931471803691238;
export const LN2_REST = 1.9082149292705877e-10;

/** For the bits of a double. */
let view: DataView | undefined;

/** The high half of a double, so that products of halves are exact (Veltkamp 1968). */
function upper(x: number): number {
  const t = 134217729 * x;
  return t - (t - x);
}

/** a b - product, exactly, where product is a b rounded (Dekker 1971). */
export function errorOf(product: number, a: number, b: number): number {
  const ah = upper(a);
  const al = a - ah;
  const bh = upper(b);
  const bl = b - bh;
  return ah * bh - product + ah * bl + al * bh + al * bl;
}

/** 1/3 less its double. */
const THIRD_LOW = 1.850371707708594e-17;

/**
 * The natural logarithm of a positive, normal x, within 0.501 ulp: engines' own Math.log differ.
 *
 * x = m 2^e with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh(z) = 2 z (1 + s / 3 + s^2 / 5 + ...), z = (m - 1) / (m + 1),
 * s = z^2 < 0.03. The first two terms are held in two doubles each (Dekker 1971), the others are plain: they are less than
 * 0.0002 of the sum.
 */
export function log(x: number): number {
  view ??= new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  let e = (view.getUint32(0) >>> 20) - 1023;
  view.setUint32(0, (view.getUint32(0) & 0x000fffff) | 0x3ff00000);
  let m = view.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    e += 1;
  }
  // z + zLow = (m - 1) / (m + 1), by one step of correction; m - 1 is exact.
  const n = m - 1;
  const d = m + 1;
  const z = n / d;
  const product = z * d;
  const zLow = (n - product - errorOf(product, z, d) - z * (m - (d - 1))) / d;

  // w + wLow = z s (1/3 + s/5 + s^2/7 + ...)
  const s = z * z;
  const sLow = errorOf(s, z, z) + 2 * z * zLow;
  let series = 0;
  for (let k = 25; k >= 5; k -= 2) series = series * s + 1 / k;
  const tail = s * series;
  const factor = 1 / 3 + tail;
  const factorLow = 1 / 3 - factor + tail + THIRD_LOW;
  const v = s * factor;
  const vLow = errorOf(v, s, factor) + sLow * factor + s * factorLow;
  const w = z * v;
  const wLow = errorOf(w, z, v) + zLow * v + z * vLow;

  // e ln2 + 2 z + 2 w: the first product is exact, each sum is high + low.
  const a = e * LN2_32_BITS;
  const b = 2 * z;
  const c = 2 * w;
  const ab = a + b;
  const bb = ab - a;
  const abLow = a - (ab - bb) + (b - bb);
  const high = ab + c;
  const low = ab - high + c;
  return high + (low + (abLow + (2 * (zLow + wLow) + e * LN2_REST)));
}

/** ln 2 in two parts, the first to 32 bits: times an exponent it is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

const bits = /* @__PURE__ */ (() => {
  let view: DataView | undefined;
  return () => {
    view ??= new DataView(new ArrayBuffer(8));
    return view;
  };
})();

/** The high half of a double, so that products of halves are exact (Veltkamp 1968). */
function upper(x: number): number {
  const t = 134217729 * x;
  return t - (t - x);
}

/**
 * The natural logarithm of a positive, normal x, within 0.51 ulp: engines' own Math.log differ.
 *
 * x = m 2^e with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh(z), z = (m - 1) / (m + 1), its series from the second term in
 * plain doubles, the first term and the sum in two doubles each (Dekker 1971).
 */
export function log(x: number): number {
  const view = bits();
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
  const dLow = m - (d - 1);
  const z = n / d;
  const zh = upper(z);
  const zl = z - zh;
  const dh = upper(d);
  const dl = d - dh;
  const product = z * d;
  const productLow = zh * dh - product + zh * dl + zl * dh + zl * dl;
  const zLow = (n - product - productLow - z * dLow) / d;

  const s = z * z;
  let series = 0;
  for (let k = 41; k >= 3; k -= 2) series = series * s + 1 / k;
  const rest = 2 * zLow + 2 * z * s * series + e * LN2_LOW;

  // e ln2 + 2 z, exactly, as high + low.
  const a = e * LN2_HIGH;
  const b = 2 * z;
  const high = a + b;
  const bb = high - a;
  const low = a - (high - bb) + (b - bb);
  return high + (low + rest);
}

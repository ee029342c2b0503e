// The exponential to more than 53 bits.

import { errorOf, LN2_32_BITS, LN2_REST } from './precise-log.js';

/** The terms of the series: 0.35^27 / 27! is 2^-134. */
const TERMS = 26;

/**
 * e^x for x within +-700, within 0.501 ulp: engines' own Math.exp differ.
 *
 * x = k ln 2 + r, and e^r = 1 + r (1 + r/2 (1 + r/3 (...))) from the innermost term, with r, each term and the sums in two
 * doubles (Dekker 1971): it takes 0.5 us, for it is asked for once a distribution, not once a draw.
 */
export function exp(x: number): number {
  const k = Math.round(x / Math.LN2);
  const high = x - k * LN2_32_BITS; // exact, as the product is
  const r = high - k * LN2_REST;
  const rLow = high - r - k * LN2_REST;
  let sum = 1;
  let sumLow = 0;
  for (let n = TERMS; n > 0; n--) {
    const q = r / n;
    const product = q * n;
    const qLow = (r - product - errorOf(product, q, n) + rLow) / n;
    const term = q * sum;
    const termLow = errorOf(term, q, sum) + q * sumLow + qLow * sum;
    sum = 1 + term;
    sumLow = 1 - sum + term + termLow;
  }
  return (sum + sumLow) * powerOfTwo(k);
}

/** 2^k, normal. */
function powerOfTwo(k: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, (k + 1023) << 20);
  return view.getFloat64(0);
}

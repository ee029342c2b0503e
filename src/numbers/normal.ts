// The normal distribution, with the same bits everywhere: engines' own Math.exp and Math.log differ.
// Source of the rational approximations: Cephes Math Library 2.1 (Moshier 1989), ndtri.c and ndtr.c, which SciPy uses too.

import { log } from './precise-log.js';

/** A polynomial, the highest power's coefficient first. */
const polynomial = (x: number, coefficients: readonly number[]): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

/** |y - 1/2| <= 3/8. */
const P0 = [-59.96335010141079, 98.00107541859997, -56.67628574690703, 13.931260938727968, -1.2391658386738125];
const Q0 = [
  1, 1.9544885833814176, 4.676279128988815, 86.36024213908905, -225.46268785411937, 200.26021238006066,
  -82.03722561683334, 15.90562251262117, -1.1833162112133,
];
/** sqrt(-2 ln y) from 2 to 8. */
const P1 = [
  4.0554489230596245, 31.525109459989388, 57.16281922464213, 44.08050738932008, 14.684956192885803, 2.1866330685079025,
  -0.1402560791713545, -0.03504246268278482, -0.0008574567851546854,
];
const Q1 = [
  1, 15.779988325646675, 45.39076351288792, 41.3172038254672, 15.04253856929075, 2.504649462083094,
  -0.14218292285478779, -0.03808064076915783, -0.0009332594808954574,
];
/** From 8 to 64. */
const P2 = [
  3.2377489177694603, 6.915228890689842, 3.9388102529247444, 1.3330346081580755, 0.20148538954917908,
  0.012371663481782003, 0.00030158155350823543, 2.6580697468673755e-6, 6.239745391849833e-9,
];
const Q2 = [
  1, 6.02427039364742, 3.6798356385616087, 1.3770209948908132, 0.21623699359449663, 0.013420400608854318,
  0.00032801446468212774, 2.8924786474538068e-6, 6.790194080099813e-9,
];
/** exp(-2). */
const EXP_MINUS_2 = 0.1353352832366127;
const SQRT_2_PI = 2.5066282746310007;

/** The number below which a normal variable lies with probability p; infinite at 0 and 1. `scipy.stats.norm.ppf`. */
export function normalQuantile(p: number): number {
  if (p <= 0) return p === 0 ? -Infinity : Number.NaN;
  if (p >= 1) return p === 1 ? Infinity : Number.NaN;
  const upper = p > 1 - EXP_MINUS_2;
  const y = upper ? 1 - p : p;
  if (!(y <= EXP_MINUS_2)) {
    const centred = y - 0.5;
    const square = centred * centred;
    return (centred + centred * ((square * polynomial(square, P0)) / polynomial(square, Q0))) * SQRT_2_PI;
  }
  const x = Math.sqrt(-2 * log(y));
  const z = 1 / x;
  const [numerator, denominator] = x < 8 ? [P1, Q1] : [P2, Q2];
  const result = x - log(x) / x - (z * polynomial(z, numerator)) / polynomial(z, denominator);
  return upper ? result : -result;
}

/** erfc from 1 to 8. */
const P = [
  2.461969814735305e-10, 0.5641895648310689, 7.463210564422699, 48.63719709856814, 196.5208329560771, 526.4451949954773,
  934.5285271719576, 1027.5518868951572, 557.5353353693994,
];
const Q = [
  1, 13.228195115474499, 86.70721408859897, 354.9377788878199, 975.7085017432055, 1823.9091668790973,
  2246.3376081871097, 1656.6630919416134, 557.5353408177277,
];
/** erf up to 1. */
const T = [9.604973739870516, 90.02601972038427, 2232.005345946843, 7003.325141128051, 55592.30130103949];
const U = [1, 33.56171416475031, 521.3579497801527, 4594.323829709801, 22629.000061389095, 49267.39426086359];

/** ln 2 to 32 bits, so that it is exact times a small integer, and the rest. */
const LN2_32_BITS = 0.6931471803691238;
const LN2_REST = 1.9082149292705877e-10;

/** exp(-y) for y from 0 to 64. */
function expMinus(y: number): number {
  const k = Math.round(y / Math.LN2);
  const r = k * LN2_32_BITS - y + k * LN2_REST;
  let sum = 1;
  for (let n = 18; n >= 1; n--) sum = 1 + (r / n) * sum;
  for (let i = 0; i < k; i++) sum /= 2; // exact
  return sum;
}

/** The probability that a normal variable is below x. `scipy.stats.norm.cdf`, but 0 below -11.3, where it is below 1e-29. */
export function normalProbability(x: number): number {
  if (Number.isNaN(x)) return x;
  const z = Math.abs(x) * Math.SQRT1_2;
  if (z < 1) {
    const square = z * z;
    const erf = (z * polynomial(square, T)) / polynomial(square, U);
    return 0.5 + 0.5 * (x < 0 ? -erf : erf);
  }
  const tail = z < 8 ? 0.5 * ((expMinus(z * z) * polynomial(z, P)) / polynomial(z, Q)) : 0;
  return x < 0 ? tail : 1 - tail;
}

// The transcendental kernels keep their bounds over their whole range, against decimal.js in 40 digits.
// One backend runs: bits.test.ts shows they are equal.

import { Decimal as AnyDecimal } from 'decimal.js';
import { describe, expect, test } from 'vitest';
import type { Dtype } from '../../src/kernels/contract.js';
import { arrayOf, backends, dtypes, runKernel } from '../support/backends.js';
import { LONG } from '../support/long.js';
import { BOUND, NO_SLOPE } from '../support/sweep.js';
import { generator, neighbour, specials } from '../support/values.js';

type Name = keyof typeof BOUND;
const names = Object.keys(BOUND) as Name[];

const [[, wasm]] = backends;
const DENSITY = LONG ? 5 : 0.4;

const Decimal = AnyDecimal.clone({ precision: 34 });
type Decimal = AnyDecimal;

const LEAST_EXPONENT = { f64: -1022, f32: -126 };
const GREATEST_EXPONENT = { f64: 1023, f32: 127 };
const DIGITS = { f64: 52, f32: 23 };

/** Works out each value once: tests ask for the same ones. */
function kept(f: (x: number) => Decimal): (x: number) => Decimal {
  const results = new Map<number, Decimal>();
  return (x) => {
    let result = results.get(x);
    if (!result) {
      result = f(x);
      results.set(x, result);
    }
    return result;
  };
}

const powerOfTwo = kept((e) => Decimal.pow(2, e));

const bits = new DataView(new ArrayBuffer(8));

/** floor(log2 x), no less than -1022. */
function exponentOf(x: number): number {
  bits.setFloat64(0, x);
  return Math.max(((bits.getUint32(0) >>> 20) & 0x7ff) - 1023, -1022);
}

/** x without rounding: `new Decimal(x)` would take the shortest decimal that reads as x. */
function exact(x: number): Decimal {
  const e = exponentOf(x) - 52;
  return new Decimal(x / 2 ** e).times(powerOfTwo(e));
}

/** |computed - truth| in units of the floats' spacing where the truth lies; Infinity counts as the next power of two. */
function ulps(dtype: Dtype, computed: number, truth: Decimal): number {
  if (truth.isZero()) return computed === 0 ? 0 : Infinity;
  if (truth.isNegative()) return ulps(dtype, -computed, truth.negated());
  const overflow = powerOfTwo(GREATEST_EXPONENT[dtype] + 1);
  const value = computed === Infinity ? overflow : exact(computed);
  const reached = truth.greaterThan(overflow) ? overflow : truth;
  let e = exponentOf(Number(reached.toPrecision(20)));
  if (reached.lessThan(powerOfTwo(e))) e--; // it was rounded up to the power of two
  e = Math.min(Math.max(e, LEAST_EXPONENT[dtype]), GREATEST_EXPONENT[dtype]) - DIGITS[dtype];
  return value.minus(reached).abs().times(powerOfTwo(-e)).toNumber();
}

/** x + a x^2 + b x^3, where the function's own formula would cancel: the next term is below 40 digits' reach. */
const series = (x: Decimal, a: number, b: number) => x.plus(x.pow(2).times(a)).plus(x.pow(3).div(b));
const tiny = (x: Decimal) => x.abs().lessThan(1e-12);

const ONE = new Decimal(1);
const RECIPROCALS = Array.from({ length: 256 }, (_, n) => ONE.div(n));
const expOfWhole = kept((n) => Decimal.exp(n));
const expOf128th = kept((n) => Decimal.exp(n / 128));

/** By its series around n / 128, and two tables: Decimal.exp takes three times as long. */
function expOf(x: Decimal): Decimal {
  if (x.abs().greaterThan(1000)) return Decimal.exp(x);
  const n = Math.round(128 * x.toNumber());
  const rest = x.minus(n / 128);
  let sum = ONE;
  for (let i = 12; i > 0; i--) sum = sum.times(rest).times(RECIPROCALS[i]).plus(1);
  const whole = Math.floor(n / 128);
  return sum.times(expOfWhole(whole)).times(expOf128th(n - 128 * whole));
}

test('exp by tables is that of decimal.js', () => {
  const next = generator(20260104);
  for (let i = 0; i < (LONG ? 500 : 150); i++) {
    const x = exact((next() / 2 ** 31 - 1) * 2 ** ((next() % 40) - 30));
    expect(expOf(x).div(Decimal.exp(x)).minus(1).abs().lessThan(1e-32), `${x}`).toBe(true);
  }
});

const exp = kept((x) => expOf(exact(x)));
/** exp(-|x|) */
const decay = (x: number) => (x < 0 ? exp(x) : ONE.div(exp(x)));

const TRUTH: Record<Name, (x: number) => Decimal> = {
  exp,
  expm1: (x) => (tiny(exact(x)) ? series(exact(x), 0.5, 6) : exp(x).minus(1)),
  sigmoid: (x) => {
    const e = decay(x);
    return (x < 0 ? e : ONE).div(e.plus(1));
  },
  tanh: (x) => {
    if (tiny(exact(x))) return series(exact(x), 0, -3);
    const e = decay(x).pow(2);
    const y = ONE.minus(e).div(e.plus(1));
    return x < 0 ? y.negated() : y;
  },
  log: (x) => Decimal.ln(exact(x)),
  log1p: (x) => (tiny(exact(x)) ? series(exact(x), -0.5, 3) : Decimal.ln(exact(x).plus(1))),
  gelu_exact: (x) => exact(x).times(phi(x)),
};

const SQRT_2PI = Decimal.acos(-1).times(2).sqrt();

const densityOf = kept((t) => expOf(exact(t).pow(2).div(-2)).div(SQRT_2PI));

/** 1 - Phi(t) to 20 digits and more, t >= 0: Phi's series in odd powers, or Laplace's continued fraction of the Mills ratio. */
const tailOf = kept((x) => {
  const t = exact(x);
  const density = densityOf(x);
  if (x < 3) {
    const square = t.times(t);
    let term = t;
    let sum = t;
    for (let n = 3; term.greaterThan(1e-34); n += 2) {
      term = term.times(square).times(RECIPROCALS[n]);
      sum = sum.plus(term);
    }
    return new Decimal(0.5).minus(density.times(sum));
  }
  let fraction = t;
  // So many steps leave 2e-21 at 3, and less beyond.
  for (let n = Math.ceil(540 / x ** 2) + 20; n > 0; n--) fraction = t.plus(new Decimal(n).div(fraction));
  return density.div(fraction);
});

/** The normal distribution. */
function phi(x: number): Decimal {
  const below = tailOf(Math.abs(x));
  return x < 0 ? below : ONE.minus(below);
}

/** Where the range of exp begins and ends, and where its results become subnormal. */
const RANGE = { f64: { from: -746, normal: -708.4, to: 710 }, f32: { from: -104, normal: -87.34, to: 89 } };

/** Arguments of exp and its kin from every part of the range, dense where an algorithm changes its mind. */
function exponents(dtype: Dtype): number[] {
  const next = generator(20260101);
  const unit = () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
  const { from, normal, to } = RANGE[dtype];
  const result = specials(dtype).filter(Number.isFinite);
  const uniform = (count: number, low: number, high: number) => {
    for (let i = 0; i < count * DENSITY; i++) result.push(low + ((i + unit()) / (count * DENSITY)) * (high - low));
  };
  uniform(1500, from, to);
  uniform(600, from, normal); // subnormal results
  uniform(2500, -4, -0.5); // where sigmoid's error is greatest
  uniform(1500, -0.75, 0.75); // where tanh's and expm1's are
  uniform(400, -40, 40);
  for (let i = 0; i < 700 * DENSITY; i++) {
    // Multiples of ln 2 / 2: the odd ones are where the reduction changes k, at the ends of the polynomial's interval.
    const k = Math.floor((2 * (from + unit() * (to - from))) / Math.LN2);
    result.push(neighbour(dtype, arrayOf(dtype, [(k * Math.LN2) / 2])[0], (next() % 9) - 4));
    result.push((unit() - 0.5) * 2 ** -(next() % (DIGITS[dtype] + 8))); // around 0
  }
  for (const x of [
    -1,
    1,
    0.6,
    -0.6,
    40,
    from,
    to,
    normal,
    709.782712893384,
    -745.1332191019412,
    88.72283935546875,
    -103.97208404541016,
  ]) {
    for (let steps = -25; steps <= 25; steps++) result.push(neighbour(dtype, arrayOf(dtype, [x])[0], steps));
  }
  return result;
}

/** Arguments of log, and less 1 of log1p: around 1, around the seams at sqrt(2) 2^k, and of every magnitude. */
function magnitudes(dtype: Dtype): number[] {
  const next = generator(20260102);
  const unit = () => next() / 2 ** 32;
  const result = specials(dtype).filter((x) => Number.isFinite(x) && x > 0);
  for (let i = 0; i < 600 * DENSITY; i++) {
    const k = (next() % 250) - 125;
    result.push(neighbour(dtype, arrayOf(dtype, [Math.SQRT2 * 2 ** k])[0], (next() % 9) - 4));
    result.push((1 + unit()) * 2 ** k, 0.5 + unit(), 1 + (unit() - 0.5) * 2 ** -(next() % 30));
    result.push(unit() * 2 ** (LEAST_EXPONENT[dtype] - (next() % DIGITS[dtype])));
  }
  return result;
}

/** Arguments of exact gelu: all that its tail reaches, and where its results are subnormal. */
function normals(dtype: Dtype): number[] {
  const next = generator(20260103);
  const { least, normal } = { f64: { least: -38.6, normal: -37.6 }, f32: { least: -14.5, normal: -13.1 } }[dtype];
  const result = specials(dtype).filter((x) => Math.abs(x) < 1e6);
  const uniform = (count: number, low: number, high: number) => {
    for (let i = 0; i < count * DENSITY; i++) result.push(low + (next() / 2 ** 32) * (high - low));
  };
  uniform(600, least, normal);
  uniform(1000, normal, -8);
  uniform(2000, -8, 0);
  uniform(600, 0, 9);
  for (let i = 0; i < 100 * DENSITY; i++) result.push((next() / 2 ** 32 - 0.5) * 2 ** -(next() % DIGITS[dtype]));
  return result;
}

function points(name: Name, dtype: Dtype): number[] {
  if (name === 'gelu_exact') return normals(dtype);
  if (name === 'log') return magnitudes(dtype).filter((x) => x > 0);
  if (name !== 'log1p') return exponents(dtype);
  const shifted = magnitudes(dtype).map((x) => x - 1);
  return [...shifted, ...magnitudes(dtype), ...exponents(dtype).slice(0, 2000)].filter((x) => x > -1);
}

describe.each(dtypes)('against decimal.js in %s', (dtype) => {
  test.each(names)('%s', { timeout: 600_000 }, (name) => {
    const x = arrayOf(dtype, points(name, dtype)).filter((xi) =>
      name === 'log' ? xi > 0 : name !== 'log1p' || xi > -1,
    );
    expect(x.length).toBeGreaterThan(3000 * Math.min(1, DENSITY));
    const [y] = runKernel(wasm, dtype, [x], 0, (kernels, [at]) => kernels[name](x.length, at, at, NO_SLOPE)).arrays;
    const worst = { error: 0, at: 0 };
    x.forEach((xi, i) => {
      const error = ulps(dtype, y[i], TRUTH[name](xi));
      if (!(error <= BOUND[name])) expect.fail(`${name}(${xi}) = ${y[i]} is off by ${error} ulp`);
      if (error > worst.error) Object.assign(worst, { error, at: xi });
    });
    console.log(`${name} ${dtype}: at most ${worst.error.toFixed(4)} ulp, at ${worst.at} (${x.length} points)`);
    // Below half an ulp it would be rounded correctly everywhere: then it is this test that is broken.
    expect(worst.error).toBeGreaterThan(0.5);
  });
});

/** In spacings of the floats at 1: the slope itself passes through 0. */
const SLOPE_BOUND = 2;

test.each(dtypes)('slopes of gelu_exact in %s', (dtype) => {
  const x = arrayOf(dtype, normals(dtype));
  const s = runKernel(wasm, dtype, [x, arrayOf(dtype, x.length)], 0, (kernels, [at, slopes]) =>
    kernels.gelu_exact(x.length, at, at, slopes),
  ).arrays[1];
  let worst = 0;
  x.forEach((xi, i) => {
    const error = phi(xi)
      .plus(exact(xi).times(densityOf(Math.abs(xi))))
      .minus(exact(s[i]))
      .abs()
      .times(powerOfTwo(DIGITS[dtype]))
      .toNumber();
    worst = Math.max(worst, error);
  });
  console.log(`gelu_exact's slope ${dtype}: at most ${worst.toFixed(4)} of the spacing at 1 (${x.length} points)`);
  expect(worst).toBeGreaterThan(0.5);
  expect(worst).toBeLessThanOrEqual(SLOPE_BOUND);
});

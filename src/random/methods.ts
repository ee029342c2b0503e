// Further methods of the generator, which bitgrad/methods gives to the class: the core has no bytes for them.

import { ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag, checkInteger, checkNumber, refuseValue } from '../checks/values.js';
import { Matrix } from '../matrix/matrix.js';
import { isList, newArray } from '../matrix/operand.js';
import { log } from '../numbers/precise-log.js';
import { binomial } from './binomial.js';
import { readProbabilities, sample, sampleApart } from './choice.js';
import type { ChoiceOptions, RandomMethods, Shape } from './methods-api.js';
import { poisson } from './poisson.js';
import type { RandomState } from './random.js';

const MAX_INTEGER = 2 ** 31 - 1;

/** Poisson's numbers stay below 2^31: that is 3,000 deviations above. */
const MAX_MEAN = 2e9;

function checkFinite(value: unknown, name: string): number {
  return Number.isFinite(value) ? (value as number) : refuseValue(name, 'a finite number', value);
}

const checkBound = (value: unknown, name: string): number => checkInteger(value, name, -(2 ** 31), 2 ** 31);

/** One draw, a vector of them, or a matrix. */
function fill<Numbers extends Float64Array | Int32Array>(
  size: number | Shape | undefined,
  make: (length: number) => Numbers,
  draw: () => number,
): number | Numbers | Matrix {
  if (size === undefined) return draw();
  const many = isList(size);
  if (many && size.length !== 2) refuseValue('size', 'a number, or [rows, cols]', size);
  const matrix = many ? Matrix.zeros(size[0], size[1]) : undefined;
  const data = (matrix?.data as Float64Array | undefined) ?? make(checkInteger(size, 'size', 0, MAX_INTEGER));
  for (let i = 0; i < data.length; i++) data[i] = draw();
  return matrix ?? (data as Numbers);
}

const reals = (size: number | Shape | undefined, draw: () => number) =>
  fill(size, (length) => newArray('f64', length) as Float64Array, draw);

const integers = (size: number | Shape | undefined, draw: () => number) =>
  fill(size, (length) => new Int32Array(length), draw);

export const RANDOM_METHODS: Record<keyof RandomMethods, unknown> & ThisType<RandomState> = {
  uniform(low = 0, high = 1, size?: number | Shape) {
    const width = checkFinite(high, 'high') - checkFinite(low, 'low');
    if (!(width >= 0 && width < Infinity))
      refuseValue('high', `${low} or more, and no further above than the largest number`, high);
    return reals(size, () => low + width * this.rand());
  },
  normal(mean = 0, deviation = 1, size?: number | Shape) {
    checkFinite(mean, 'mean');
    checkNumber(deviation, 'deviation', 0);
    return reals(size, () => mean + deviation * this.randn());
  },
  exponential(mean = 1, size?: number | Shape) {
    checkNumber(mean, 'mean', 0);
    return reals(size, () => mean * -log(1 - this.rand()));
  },
  poisson(mean = 1, size?: number | Shape) {
    if (!(checkNumber(mean, 'mean', 0) <= MAX_MEAN)) refuseValue('mean', `at most ${MAX_MEAN}`, mean);
    const draw = poisson(mean);
    return integers(size, () => draw(this));
  },
  binomial(n: number, p: number, size?: number | Shape) {
    checkInteger(n, 'n', 0, MAX_INTEGER);
    if (!(checkNumber(p, 'p', 0) <= 1)) refuseValue('p', 'a probability, from 0 to 1', p);
    const draw = binomial(n, p);
    return integers(size, () => draw(this));
  },
  randint(low: number, high?: number, size?: number | Shape) {
    const from = high === undefined ? 0 : checkBound(low, 'low');
    const end = high === undefined ? checkBound(low, 'high') : checkBound(high, 'high');
    if (end <= from) refuseValue('high', `above ${from}`, end);
    return integers(size, () => from + this.upTo(end - from - 1));
  },
  choice(source: number | ArrayLike<unknown>, size?: number, options: ChoiceOptions = {}) {
    const elements = isList(source) ? Array.from(source) : undefined;
    const n = elements?.length ?? checkInteger(source, 'n', 1, MAX_INTEGER);
    if (n === 0) throw new ValueError('"source" has no elements');
    const { replace = true, p } = readOptions(options, ['replace', 'p'], 'choice');
    checkFlag(replace, 'replace');
    const probabilities = p === undefined ? undefined : readProbabilities(p, n);
    const count = size === undefined ? 1 : checkInteger(size, 'size', 0, MAX_INTEGER);
    const places = (replace ? sample : sampleApart)(this, n, count, probabilities);
    if (!elements) return size === undefined ? places[0] : places;
    return size === undefined ? elements[places[0]] : Array.from(places, (i) => elements[i]);
  },
};

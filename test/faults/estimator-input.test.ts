// What is handed to estimators, scalers and metrics by mistake or by malice: named errors that say what to write.

import { expect, test } from 'vitest';
import { BitgradError, network } from '../../src/index.js';
import {
  accuracyScore,
  crossValidate,
  KFold,
  LabelEncoder,
  MLPClassifier,
  MLPRegressor,
  Pipeline,
  StandardScaler,
  trainTestSplit,
} from '../../src/model/index.js';

const HERE = { background: false, solver: 'lbfgs', hiddenLayerSizes: 3, maxIter: 5 } as const;
const X = [[0], [1], [2], [3], [4], [5]];
const y = ['a', 'b', 'a', 'b', 'a', 'b'];
// biome-ignore lint/suspicious/noExplicitAny: what no type allows
const any = (value: unknown) => value as any;

test.each<[string, () => unknown, string]>([
  [
    'sizes alone',
    () => new MLPClassifier(any([100])),
    'MLPClassifier: parameters must be an object, got an array of 1; write { hiddenLayerSizes: [100] }',
  ],
  ['many sizes', () => new MLPRegressor(any([1, 2, 3, 4, 5, 6])), 'write { hiddenLayerSizes: [1, 2, 3, 4, 5, ...] }'],
  ['a number', () => new MLPClassifier(any(100)), 'got 100; write { hiddenLayerSizes: [100] }'],
  ['nothing', () => new MLPClassifier(any(null)), 'MLPClassifier: parameters must be an object, got null'],
  [
    'layers alone',
    () => network(any([2, 3, 1])),
    'network: options must be an object, got an array of 3; write { inputs: ..., layers: ... }',
  ],
  ['flags alone', () => new StandardScaler(any([true])), 'got an array of 1; write { withMean: ..., withStd: ... }'],
  [
    'a number of folds',
    () => new KFold(any(5)),
    'KFold: options must be an object, got 5; write { nSplits: ..., shuffle: ... }',
  ],
  [
    'a fraction',
    () => trainTestSplit(X, y, any(0.2)),
    'trainTestSplit: options must be an object, got 0.2; write { testSize: ...',
  ],
  ['an activation in capitals', () => new MLPClassifier({ activation: any('ReLU') }), 'got "ReLU"; did you mean relu?'],
  ['a solver', () => new MLPClassifier({ solver: any('Adam') }), 'got "Adam"; did you mean adam?'],
  ['l-bfgs', () => new MLPClassifier({ solver: any('L-BFGS') }), 'got "L-BFGS"; did you mean lbfgs?'],
  [
    'a loss',
    () => network({ inputs: 1, layers: [1], loss: any('cross_entropy') }),
    'got "cross_entropy"; did you mean crossEntropy?',
  ],
  [
    'an initializer',
    () => network({ inputs: 1, layers: [1], initializer: any('he_uniform') }),
    'did you mean heUniform?',
  ],
  [
    "scikit-learn's spelling",
    () => new MLPClassifier(any({ max_iter: 3 })),
    'unknown option "max_iter"; did you mean maxIter?',
  ],
  ['nothing near', () => new MLPClassifier({ activation: any('x'.repeat(500)) }), '"activation" must be one of'],
])('%s', (_, call, message) => {
  expect(call).toThrow(message);
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(BitgradError);
    expect((error as Error).message.length).toBeLessThan(700);
  }
});

test('a column of labels is taken, rows of several are told what to be', async () => {
  const column = y.map((label) => [label]);
  const model = await new MLPClassifier(HERE).fit(X, any(column));
  const plain = await new MLPClassifier(HERE).fit(X, y);
  expect(model.predict(X)).toEqual(plain.predict(X));
  expect(model.score(X, any(column))).toBe(plain.score(X, y));
  const steps = new MLPClassifier({ hiddenLayerSizes: 2 });
  await steps.partialFit(X, any(column), { classes: ['a', 'b'] });
  const folds = await crossValidate(new MLPClassifier(HERE), X, any(column), { cv: 2 });
  expect(folds).toMatchObject({ testScore: (await crossValidate(new MLPClassifier(HERE), X, y, { cv: 2 })).testScore });
  await expect(model.fit(X, any(y.map((label) => [label, label])))).rejects.toThrow(
    '"y"[0] is an array of 2 strings: give one label for each row, or, of several at once, rows of 0 and 1',
  );
});

test('rows that cannot be held out, by whichever cause', async () => {
  const early = { ...HERE, solver: 'adam', earlyStopping: true } as const;
  await expect(new MLPClassifier(early).fit(X, y)).rejects.toThrow(
    /"earlyStopping" cannot hold out a "validationFraction" of 0.1: .*; give more rows, another fraction, or no earlyStopping/,
  );
  await expect(new MLPRegressor(early).fit(X, [1, 2, 3, 4, 5, 6])).rejects.toThrow('the score of 1 row says nothing');
});

/** An array that is shorter, longer or other when it is read again. */
function changing<T>(values: T[], change: (target: T[], reads: number) => unknown): T[] {
  let reads = 0;
  return new Proxy(values, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) change(target, ++reads);
      return Reflect.get(target, key, receiver);
    },
  });
}

test.each<[string, (target: unknown[], reads: number) => void]>([
  ['shorter', (target) => void target.pop()],
  ['longer', (target) => target.length < 50 && target.push(target[0])],
  ['other', (target, reads) => reads > 3 && target.fill('c')],
  ['of another kind', (target, reads) => reads > 3 && target.fill(7)],
  ['empty', (target) => void target.splice(0)],
])('arrays that get %s while they are read: what was read first, or a named error', async (_, change) => {
  const named = (error: unknown) => {
    expect(error).toBeInstanceOf(BitgradError);
    return undefined;
  };
  const labels = () => changing<unknown>([...y], change) as string[];
  const rows = () =>
    changing<unknown>(
      X.map((row) => [...row]),
      change,
    ) as number[][];
  const model = await new MLPClassifier(HERE).fit(X, labels()).catch(named);
  if (model) expect(model.predict(X).every((label) => model.classes.includes(label))).toBe(true);
  for (const call of [
    () => new MLPClassifier(HERE).fit(rows(), y),
    () => new MLPClassifier({ hiddenLayerSizes: 2 }).partialFit(rows(), labels(), { classes: ['a', 'b'] }),
    () => new MLPRegressor(HERE).fit(rows(), changing<unknown>([1, 2, 3, 4, 5, 6], change) as number[]),
    async () => new LabelEncoder().fit(labels()).classes,
    async () => accuracyScore(labels(), labels()),
    async () => new StandardScaler().fit(rows()),
    async () => trainTestSplit(rows(), labels()),
    async () => new Pipeline([new StandardScaler(), new MLPClassifier(HERE)]).fit(rows(), labels()),
  ]) {
    await call().catch(named);
  }
});

test('getters are read once', () => {
  let reads = 0;
  const options = {
    get alpha() {
      reads++;
      return reads === 1 ? 0.5 : -1;
    },
    get hiddenLayerSizes() {
      return [3];
    },
  };
  expect(new MLPClassifier(options).getParams().alpha).toBe(0.5);
  expect(reads).toBe(1);
  const sizes = [3, 2];
  const model = new MLPClassifier({ hiddenLayerSizes: sizes });
  sizes[0] = -1;
  expect(model.getParams().hiddenLayerSizes).toEqual([3, 2]);
});
